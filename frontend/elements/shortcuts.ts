/**
 * Makes every `data-keys` of the page work: a link or button is pressed, a field is focused. `?` lists them.
 * Keys never fire while somebody types, and single letters can be switched off (`data-single-keys` on body).
 * Where the browser itself does what a key says, `data-keys-native` lists it and leaves it alone.
 *
 * @example <a href="/members/" data-keys="g m">Members</a> <input data-keys="/" data-keys-label="Find a member">
 */
import { tinykeys } from "tinykeys";

export interface Shortcut {
  keys: string;
  label: string;
  target: HTMLElement;
}

/**
 * The shortcuts of the page in reading order. Of several that claim a key the page itself has it before the frame
 * around it: "/" finds in the list that is there, and else on the whole site. Of equals the first has it.
 */
export function shortcuts(root: ParentNode): Shortcut[] {
  const found = new Map<string, Shortcut>();
  for (const target of root.querySelectorAll<HTMLElement>("[data-keys]")) {
    const keys = target.dataset.keys ?? "";
    const label = target.dataset.keysLabel ?? target.textContent?.trim() ?? "";
    const rival = found.get(keys)?.target;
    const wins = !rival || (target.closest("main") && !rival.closest("main"));
    if (keys && wins && canBePressed(target)) found.set(keys, { keys, label, target });
  }
  return [...found.values()];
}

/** A field that has no room on this screen cannot have the focus; a link in a closed menu can still be followed. */
function canBePressed(target: HTMLElement): boolean {
  return !target.matches("input, select, textarea") || (target.checkVisibility?.() ?? true);
}

/** Where several claim a key, the one in the same part of the page as the focus (`data-keys-scope`), else as listed. */
export function nearest({ keys, target }: Shortcut): HTMLElement {
  const scope = document.activeElement?.closest("[data-keys-scope]");
  const within = (root: ParentNode) => shortcuts(root).find((one) => one.keys === keys)?.target;
  return (scope && within(scope)) ?? within(document) ?? target;
}

export function press(target: HTMLElement): void {
  if (target.matches("input, select, textarea")) target.focus();
  else target.click();
}

/** Some keyboards reach "?" and "/" only with Shift, so there it does not count. */
function binding(keys: string): string {
  return keys
    .split(" ")
    .map((key) => (/^\W$/.test(key) ? `[Shift]+${key}` : key))
    .join(" ");
}

/** What a screen reader says beside a control; for keys one after the other ARIA has no way of writing. */
function tellAloud(active: Shortcut[]): void {
  for (const target of document.querySelectorAll<HTMLElement>("[data-keys]")) {
    const own = active.find((one) => one.target === target && !one.keys.includes(" "));
    if (own) target.setAttribute("aria-keyshortcuts", own.keys);
    else target.removeAttribute("aria-keyshortcuts");
  }
}

/** How long the keys of a sequence may be apart. */
const TOGETHER = 1000;

export class Shortcuts extends HTMLElement {
  private unbind = (): void => undefined;
  /** The key before the present one, which may belong to a sequence with it. */
  private earlier = { key: "", at: Number.NEGATIVE_INFINITY };

  connectedCallback(): void {
    this.bind();
    document.addEventListener("htmx:after:swap", this);
    this.querySelector("dialog")?.addEventListener("toggle", () => this.list());
  }

  disconnectedCallback(): void {
    this.unbind();
    document.removeEventListener("htmx:after:swap", this);
  }

  handleEvent(): void {
    this.bind();
  }

  private bind(): void {
    this.unbind();
    const off = document.body.dataset.singleKeys === "off";
    const ours = shortcuts(document).filter(({ target }) => !("keysNative" in target.dataset));
    const active = ours.filter(({ keys }) => !off || keys.includes("+"));
    tellAloud(active);
    const sequences = new Set(active.map(({ keys }) => keys).filter((keys) => keys.includes(" ")));
    const map = active.map((shortcut) => [
      binding(shortcut.keys),
      this.handler(shortcut, sequences),
    ]);
    const remember = (event: KeyboardEvent): void => {
      this.earlier = { key: event.key, at: performance.now() };
    };
    const unbind = tinykeys(window, Object.fromEntries(map));
    window.addEventListener("keydown", remember); // after tinykeys, which is there already
    this.unbind = () => {
      unbind();
      window.removeEventListener("keydown", remember);
    };
  }

  private handler(shortcut: Shortcut, sequences: Set<string>): (event: KeyboardEvent) => void {
    return (event) => {
      if (document.querySelector("dialog[open]")) return;
      const { key, at } = this.earlier;
      const ends = performance.now() - at < TOGETHER && sequences.has(`${key} ${shortcut.keys}`);
      if (ends) return; // the "f" of "g f" is no "f"
      event.preventDefault();
      press(nearest(shortcut));
    };
  }

  private list(): void {
    const rows = shortcuts(document).flatMap(({ keys, label }) => {
      const term = document.createElement("dt");
      for (const key of keys.split(" ")) {
        const cap = document.createElement("kbd");
        cap.textContent = key;
        term.append(cap, " ");
      }
      const text = document.createElement("dd");
      text.textContent = label;
      return [term, text];
    });
    this.querySelector(".keys")?.replaceChildren(...rows);
  }
}

customElements.define("ct-shortcuts", Shortcuts);
