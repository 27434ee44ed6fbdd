/**
 * An element that adds to what the server sent. When a newer copy of its part of the page arrives, it is
 * asked first: what was added stays while the server says the same, and grows anew from what is new.
 */
export abstract class Island extends HTMLElement {
  private served = this.innerHTML;

  connectedCallback(): void {
    this.grow();
  }

  disconnectedCallback(): void {
    this.wither();
  }

  /** Take over a newer copy. Whoever was inside stays inside, and what was open stays open. */
  renew(newer: Element): void {
    const same = newer.innerHTML === this.served;
    if (same && this.hasAttributesOf(newer)) return;
    const inside = this.contains(document.activeElement);
    const open = this.folds.map((fold) => fold.open);
    this.wither();
    for (const { name, value } of newer.attributes) this.setAttribute(name, value);
    this.served = newer.innerHTML;
    this.replaceChildren(...newer.childNodes);
    for (const [place, fold] of this.folds.entries()) fold.open = open[place] ?? fold.open;
    this.grow();
    if (inside) this.querySelector<HTMLElement>("[tabindex], a[href], button, input")?.focus();
  }

  /** Add what only a script can. */
  protected abstract grow(): void;

  /** Stop what goes on by itself. */
  protected wither(): void {}

  private get folds(): HTMLDetailsElement[] {
    return [...this.querySelectorAll("details")];
  }

  private hasAttributesOf(newer: Element): boolean {
    return [...newer.attributes].every(({ name, value }) => this.getAttribute(name) === value);
  }
}
