import { afterEach, beforeEach, expect, test, vi } from "vitest";
import "../elements/theme";

const send = vi.fn((_url: string, _init: RequestInit) => Promise.resolve(new Response()));

beforeEach(() => {
  vi.stubGlobal("fetch", send);
  send.mockClear();
  document.head.innerHTML = '<meta name="color-scheme" content="light dark">';
  document.body.innerHTML = `<ct-theme><form action="/theme/" method="post">
    <input type="hidden" name="next" value="/docs/">
    <button name="theme" value="system" aria-pressed="true">System</button>
    <button name="theme" value="dark" aria-pressed="false">Dark</button>
  </form></ct-theme>`;
});

afterEach(() => vi.unstubAllGlobals());

function choose(theme: string): SubmitEvent {
  const form = document.querySelector("form") as HTMLFormElement;
  const submitter = document.querySelector<HTMLButtonElement>(`[value=${theme}]`);
  const event = new SubmitEvent("submit", { bubbles: true, cancelable: true, submitter });
  form.dispatchEvent(event);
  return event;
}

test("the theme changes at once, without leaving the page", () => {
  expect(choose("dark").defaultPrevented).toBe(true);
  expect(document.documentElement.dataset.theme).toBe("dark");
  expect(document.querySelector("meta")?.getAttribute("content")).toBe("dark");
});

test("the button that was chosen is the pressed one", () => {
  choose("dark");
  const pressed = [...document.querySelectorAll("[aria-pressed=true]")];
  expect(pressed.map((button) => button.textContent)).toEqual(["Dark"]);
});

test("the server is told, with the whole form", () => {
  choose("dark");
  const body = send.mock.calls[0]?.[1].body as FormData;
  expect(body.get("theme")).toBe("dark");
  expect(body.get("next")).toBe("/docs/");
});

test("system gives the choice back to the browser", () => {
  choose("dark");
  choose("system");
  expect(document.querySelector("meta")?.getAttribute("content")).toBe("light dark");
});
