/**
 * Rows to go through by keys: buttons inside with `data-row` say which way, or what is done to the row that has
 * the focus. They are pressed by their keys (`data-keys`) and by nothing else.
 *
 * @example <ct-rows><button data-row="next" data-keys="j">Next member</button><table>…</table></ct-rows>
 */
export class Rows extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", this);
  }

  handleEvent(event: Event): void {
    const way = (event.target as Element).closest<HTMLElement>("[data-row]")?.dataset.row;
    if (way === "next") this.move(1);
    else if (way === "previous") this.move(-1);
    else if (way === "follow") this.follow();
  }

  private get rows(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("tbody tr")];
  }

  /** The row that the focus is in, or -1. */
  private get place(): number {
    return this.rows.findIndex((row) => row.contains(document.activeElement));
  }

  /** Whoever has just jumped to a row (`#me`) begins there, others at the top. */
  private move(steps: number): void {
    const rows = this.rows;
    const jumped = this.place < 0 && rows.find((row) => `#${row.id}` === location.hash);
    const row = jumped || rows[Math.min(Math.max(this.place + steps, 0), rows.length - 1)];
    (row?.querySelector<HTMLElement>("a[href]") ?? row)?.focus();
  }

  /** Nobody is followed by a key unless one stands in their row. */
  private follow(): void {
    const buttons = this.rows[this.place]?.querySelectorAll<HTMLElement>("[data-follow]") ?? [];
    [...buttons].at(0)?.click();
  }
}

customElements.define("ct-rows", Rows);
