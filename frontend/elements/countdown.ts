/**
 * Counts seconds down in its text, then fires a bubbling `countdown:end`; with `repeat` it begins anew.
 * It waits while the page is hidden, so that a forgotten tab asks nobody anything.
 *
 * With `until` it goes by the clock to a moment, and fills the parts that say how many seconds they count.
 *
 * @example <ct-countdown seconds="60" repeat>60 s</ct-countdown>
 * @example <ct-countdown until="2026-11-22T14:35:00Z"><b data-unit="3600"></b> h <b data-unit="60"></b> min</ct-countdown>
 */
import { Island } from "./island";

export class Countdown extends Island {
  private timer = 0;
  private left = 0;

  protected grow(): void {
    this.left = this.seconds;
    this.setAttribute("role", "timer");
    this.show();
    this.timer = window.setInterval(() => this.tick(), 1000);
  }

  protected override wither(): void {
    clearInterval(this.timer);
  }

  private get seconds(): number {
    if (this.until) return Math.max(Math.round((this.until - Date.now()) / 1000), 0);
    return Number(this.getAttribute("seconds")) || 60;
  }

  /** The moment in milliseconds; NaN, which is no moment, without one. */
  private get until(): number {
    return Date.parse(this.getAttribute("until") ?? "");
  }

  private tick(): void {
    if (document.hidden) return;
    this.left = this.until ? this.seconds : this.left - 1;
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
    const parts = [...this.querySelectorAll<HTMLElement>("[data-unit]")];
    if (parts.length === 0) this.textContent = `${this.left} s`;
    let rest = this.left;
    for (const [place, part] of parts.entries()) {
      const unit = Number(part.dataset.unit);
      const text = String(Math.floor(rest / unit)).padStart(place ? 2 : 1, "0");
      if (part.textContent !== text) part.textContent = text;
      rest %= unit;
    }
  }
}

customElements.define("ct-countdown", Countdown);
