/** Keeps whoever works inside a part of the page where they are while the part is exchanged. */
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
export function keepFocus(part: HTMLElement): () => void {
  const before = document.activeElement;
  if (!(before instanceof HTMLElement) || before === part || !part.contains(before))
    return () => undefined;
  const selection = selectionOf(before);
  return () => {
    if (document.activeElement !== document.body) return; // it stayed, or went on by itself
    const namesake = before.id ? document.getElementById(before.id) : null;
    const after = before.isConnected ? before : (namesake ?? heading(part));
    after.focus({ preventScroll: true });
    if (selection && selectionOf(after))
      (after as HTMLInputElement).setSelectionRange(...selection);
  };
}
