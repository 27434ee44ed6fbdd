/** Keeps whoever works inside a part of the page where they are while htmx exchanges the part. */
interface SwapDetail {
  ctx: object;
  tasks?: { type: string; target?: Element | null }[];
}

function selectionOf(element: Element): [number, number] | null {
  if (!(element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement)) return null;
  const { selectionStart, selectionEnd } = element;
  return selectionStart === null || selectionEnd === null ? null : [selectionStart, selectionEnd];
}

/** Where to go when the control is gone: to the heading of what is there instead. */
function heading(part: HTMLElement): HTMLElement {
  const place = part.querySelector<HTMLElement>("h1, h2, h3") ?? part;
  place.tabIndex = -1;
  return place;
}

/** What to do after the exchange. */
function keepFocus(part: HTMLElement): () => void {
  const before = document.activeElement;
  if (!(before instanceof HTMLElement) || before === part || !part.contains(before))
    return () => undefined;
  const selection = selectionOf(before);
  return () => {
    if (document.activeElement !== document.body) return; // it stayed, or went on by itself
    const namesake = before.id ? document.getElementById(before.id) : null;
    const there = part.isConnected ? part : document.getElementById(part.id);
    const after = before.isConnected ? before : (namesake ?? heading(there ?? document.body));
    after.focus({ preventScroll: true });
    if (selection && selectionOf(after))
      (after as HTMLInputElement).setSelectionRange(...selection);
  };
}

export function keepFocusInParts(root: EventTarget): void {
  const afterwards = new WeakMap<object, () => void>();
  root.addEventListener("htmx:before:swap", (event) => {
    const { ctx, tasks } = (event as CustomEvent<SwapDetail>).detail;
    const part = tasks?.find((task) => task.type === "main")?.target;
    if (part instanceof HTMLElement) afterwards.set(ctx, keepFocus(part));
  });
  root.addEventListener("htmx:after:swap", (event) => {
    afterwards.get((event as CustomEvent<SwapDetail>).detail.ctx)?.();
  });
}
