/**
 * Changes the theme at once and tells the server, so that the next page comes in it without a flash.
 *
 * @example <ct-theme><form method="post" action="/theme/">… <button name="theme" value="dark" aria-pressed="false"></form></ct-theme>
 */
export class ThemeSwitch extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("submit", this);
  }

  handleEvent(event: SubmitEvent): void {
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement) || button.name !== "theme") return;
    event.preventDefault();
    event.stopPropagation();
    this.show(button.value);
    const form = event.target as HTMLFormElement;
    const body = new FormData(form);
    body.set("theme", button.value);
    // When the server cannot be reached the page keeps the theme; the next one has the old.
    fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => undefined);
  }

  private show(theme: string): void {
    document.documentElement.dataset.theme = theme;
    const scheme = theme === "system" ? "light dark" : theme;
    document.querySelector('meta[name="color-scheme"]')?.setAttribute("content", scheme);
    for (const button of this.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
  }
}

customElements.define("ct-theme", ThemeSwitch);
