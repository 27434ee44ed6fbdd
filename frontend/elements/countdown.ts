/**
 * Counts seconds down in its text, then fires a bubbling `countdown:end`; with `repeat` it begins anew.
 * It waits while the page is hidden, so that a forgotten tab asks nobody anything.
 *
 * @example <ct-countdown seconds="60" repeat>60 s</ct-countdown>
 */
export class Countdown extends HTMLElement {
  private timer = 0;
  private left = 0;

  connectedCallback(): void {
    this.left = this.seconds;
    this.setAttribute("role", "timer");
    this.show();
    this.timer = window.setInterval(() => this.tick(), 1000);
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
  }

  private get seconds(): number {
    return Number(this.getAttribute("seconds")) || 60;
  }

  private tick(): void {
    if (document.hidden) return;
    this.left -= 1;
    if (this.left <= 0) this.end();
    this.show();
  }

  private end(): void {
    this.dispatchEvent(new CustomEvent("countdown:end", { bubbles: true }));
    this.left = this.seconds;
    if (!this.hasAttribute("repeat")) {
      this.left = 0;
      clearInterval(this.timer);
    }
  }

  private show(): void {
    this.textContent = `${this.left} s`;
  }
}

customElements.define("ct-countdown", Countdown);
