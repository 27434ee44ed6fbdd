/**
 * Short sentences about what just happened. Good news leaves after eight seconds, but never while it is
 * pointed at or focused; trouble stays until it is closed. The server adds one by
 * `HX-Trigger: {"toast": {"message": "Saved", "tone": "success"}}`.
 */
const LIFE = 8000;

export interface Toast {
  message: string;
  tone?: "success" | "info" | "warning" | "error";
}

interface Failure {
  ctx?: { response?: unknown };
}

export class Toasts extends HTMLElement {
  connectedCallback(): void {
    for (const toast of this.querySelectorAll<HTMLElement>(".toast")) this.tend(toast);
    document.addEventListener("toast", this);
    document.addEventListener("htmx:error", this);
  }

  disconnectedCallback(): void {
    document.removeEventListener("toast", this);
    document.removeEventListener("htmx:error", this);
  }

  handleEvent(event: Event): void {
    if (event.type === "toast") this.say((event as CustomEvent<Toast>).detail);
    else this.miss(event as CustomEvent<Failure>);
  }

  /** Nothing came back of what the visitor did; a part that follows the news asks again by itself. */
  private miss({ target, detail }: CustomEvent<Failure>): void {
    const isLive = target instanceof HTMLElement && target.dataset.live !== undefined;
    const message = this.dataset.unreached;
    const isSaid = [...this.querySelectorAll("p")].some((text) => text.textContent === message);
    if (message && detail.ctx && !detail.ctx.response && !isLive && !isSaid) this.say({ message });
  }

  say({ message, tone = "info" }: Toast): void {
    const toast = document.createElement("div");
    toast.className = `toast ${tone}`;
    const text = document.createElement("p");
    text.textContent = message;
    toast.append(text);
    this.append(toast);
    this.tend(toast);
  }

  private tend(toast: HTMLElement): void {
    toast.append(this.closeButton(toast));
    if (toast.matches(".error, .warning")) return;
    const leave = (): void => {
      if (toast.matches(":hover") || toast.contains(document.activeElement))
        window.setTimeout(leave, 1000);
      else toast.remove();
    };
    window.setTimeout(leave, LIFE);
  }

  private closeButton(toast: HTMLElement): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn quiet square";
    button.textContent = "×";
    button.setAttribute("aria-label", this.dataset.close ?? "Close");
    button.addEventListener("click", () => toast.remove());
    return button;
  }
}

customElements.define("ct-toasts", Toasts);
