/**
 * Adds a button that shows what was typed into a password field and, for a new password, says while
 * typing how far it is. Length is all that is asked: no rules of composition, no call to anybody.
 *
 * @example <ct-password data-show="Show" data-hide="Hide" data-least="10" data-more="# more to go" data-enough="Long enough" data-strong="Strong"><input type="password"></ct-password>
 */
import { Island } from "./island";

const STRONG = 18;

export class PasswordField extends Island {
  protected grow(): void {
    const input = this.querySelector("input");
    if (!input || this.querySelector("button")) return;
    this.append(this.showButton(input));
    if (this.dataset.least) this.append(this.hint(input));
  }

  private showButton(input: HTMLInputElement): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-controls", input.id);
    const show = (visible: boolean): void => {
      input.type = visible ? "text" : "password";
      button.textContent = (visible ? this.dataset.hide : this.dataset.show) ?? "";
      button.setAttribute("aria-pressed", String(visible));
    };
    show(false);
    button.addEventListener("click", () => show(input.type === "password"));
    // A password manager and the next visitor of this machine expect a password field again.
    input.form?.addEventListener("submit", () => show(false));
    return button;
  }

  private hint(input: HTMLInputElement): HTMLElement {
    const hint = document.createElement("output");
    input.addEventListener("input", () => {
      hint.textContent = input.value ? this.judge(input.value.length) : "";
    });
    return hint;
  }

  private judge(length: number): string {
    const missing = Number(this.dataset.least) - length;
    if (missing > 0) return this.dataset.more?.replace("#", String(missing)) ?? "";
    return (length < STRONG ? this.dataset.enough : this.dataset.strong) ?? "";
  }
}

customElements.define("ct-password", PasswordField);
