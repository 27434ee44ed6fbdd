/**
 * Marks the region that htmx is about to fill, for screen readers and for the style that shows it after 150 ms.
 * Not one that asks by itself, for the news or every few seconds: nobody waits for it.
 */
const BY_ITSELF = "[data-live], [hx-trigger^='every']";

interface RequestDetail {
  ctx: { target?: Element | string };
}

function target(event: Event): Element | null {
  const region = (event as CustomEvent<RequestDetail>).detail.ctx.target;
  if ((event.target as Element).matches?.(BY_ITSELF)) return null;
  return region instanceof Element ? region : null;
}

export function busyRegions(root: Document): void {
  root.addEventListener("htmx:before:request", (event) => {
    target(event)?.setAttribute("aria-busy", "true");
  });
  root.addEventListener("htmx:finally:request", (event) => {
    target(event)?.removeAttribute("aria-busy");
  });
}
