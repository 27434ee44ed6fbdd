/**
 * Adds a button that shows what was typed into a password field.
 *
 * @example <ct-password data-show="Show" data-hide="Hide"><input type="password"></ct-password>
 */
export class PasswordField extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector("input");
    if (!input || this.querySelector("button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-controls", input.id);
    this.append(button);
    const show = (visible: boolean): void => {
      input.type = visible ? "text" : "password";
      button.textContent = (visible ? this.dataset.hide : this.dataset.show) ?? "";
      button.setAttribute("aria-pressed", String(visible));
    };
    show(false);
    button.addEventListener("click", () => show(input.type === "password"));
    // A password manager and the next visitor of this machine expect a password field again.
    input.form?.addEventListener("submit", () => show(false));
  }
}

customElements.define("ct-password", PasswordField);
