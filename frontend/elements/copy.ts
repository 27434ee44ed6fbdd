/**
 * Copies the text of its input and says so on the button for two seconds.
 *
 * @example <ct-copy data-done="Copied"><input readonly value="abc"><button hidden><span>Copy</span></button></ct-copy>
 */
import { Island } from "./island";

export class CopyButton extends Island {
  private timer = 0;

  protected grow(): void {
    const button = this.querySelector("button");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => this.copy(button));
    this.input?.addEventListener("focus", () => this.input?.select());
  }

  protected override wither(): void {
    clearTimeout(this.timer);
  }

  private get input(): HTMLInputElement | null {
    return this.querySelector("input");
  }

  private async copy(button: HTMLButtonElement): Promise<void> {
    const label = button.querySelector("span") ?? button;
    const word = label.textContent;
    try {
      await navigator.clipboard.writeText(this.input?.value ?? "");
    } catch {
      this.input?.select(); // no permission or no https: the text is marked, the keys do the rest
      return;
    }
    button.style.minInlineSize = `${button.offsetWidth}px`;
    label.textContent = this.dataset.done ?? word;
    label.setAttribute("role", "status");
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      label.textContent = word;
      label.removeAttribute("role");
    }, 2000);
  }
}

customElements.define("ct-copy", CopyButton);
