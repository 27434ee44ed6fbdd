/**
 * Marks the region that htmx is about to fill, for screen readers and for the style that shows it after 150 ms.
 * Not one that follows the news by itself: nobody waits for it.
 */
interface RequestDetail {
  ctx: { target?: Element | string };
}

function target(event: Event): Element | null {
  const region = (event as CustomEvent<RequestDetail>).detail.ctx.target;
  if (event.target instanceof HTMLElement && event.target.dataset.live !== undefined) return null;
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
