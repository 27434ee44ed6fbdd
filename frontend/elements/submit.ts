/** A form is sent once: its button turns busy at its width until the next page, or the answer, is there. */
export function submitOnce(root: Document): void {
  root.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method === "dialog") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "true";
    // After this turn of the loop: a button disabled now would not be sent with the form.
    setTimeout(() => setBusy(buttons(form, event.submitter), true));
  });
  // Back from the browser's page cache, or answered by htmx: the form is new again.
  addEventListener("pageshow", () => root.querySelectorAll("form").forEach(release));
  root.addEventListener("htmx:before:request", (event) => {
    if (event.target instanceof HTMLFormElement) setBusy(buttons(event.target, null), true);
  });
  root.addEventListener("htmx:finally:request", (event) => {
    if (event.target instanceof HTMLFormElement) release(event.target);
  });
}

function release(form: HTMLFormElement): void {
  delete form.dataset.sent;
  setBusy(buttons(form, null), false);
}

function buttons(form: HTMLFormElement, submitter: HTMLElement | null): HTMLElement[] {
  if (submitter) return [submitter];
  return [...form.querySelectorAll<HTMLElement>("button:not([type=button])")];
}

function setBusy(targets: HTMLElement[], busy: boolean): void {
  for (const button of targets) {
    if (busy) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  }
}
