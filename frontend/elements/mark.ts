/** Shows for a moment which numbers of a part read differently since it was exchanged. */
const MOMENT = 4000;

/** What to do after the exchange: the numbers are those that screen readers are told of, too. */
export function markChanges(part: HTMLElement): () => void {
  const before = new Map<Element, string | null>();
  for (const number of part.querySelectorAll("[aria-live]")) before.set(number, number.textContent);
  return () => {
    for (const [number, text] of before) {
      if (!number.isConnected || number.textContent === text) continue;
      number.classList.add("fresh");
      setTimeout(() => number.classList.remove("fresh"), MOMENT);
    }
  };
}
