import { beforeEach, expect, test } from "vitest";
import "../elements/copy";
import "../elements/countdown";
import type { Island } from "../elements/island";

const SERVED = '<input value="abc"><button hidden><span>Copy</span></button>';

function copyOf(html: string): Element {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild as Element;
}

const island = (): Island => document.querySelector("ct-copy") as Island;
const button = (): HTMLButtonElement => island().querySelector("button") as HTMLButtonElement;

beforeEach(() => {
  document.body.innerHTML = `<ct-copy>${SERVED}</ct-copy>`;
});

test("what a script added stays while the server says the same", () => {
  const before = button();
  island().renew(copyOf(`<ct-copy>${SERVED}</ct-copy>`));
  expect(button()).toBe(before);
  expect(button().hidden).toBe(false);
});

test("what is new is taken over, and grows as the first did", () => {
  island().renew(copyOf(`<ct-copy data-done="Done">${SERVED.replace("abc", "xyz")}</ct-copy>`));
  expect(island().querySelector("input")?.value).toBe("xyz");
  expect(island().dataset.done).toBe("Done");
  expect(button().hidden).toBe(false);
});

test("who was inside stays inside, and what was open stays open", () => {
  const folded = (text: string) =>
    `<ct-copy>${SERVED}<details><summary>More</summary>${text}</details></ct-copy>`;
  document.body.innerHTML = folded("a");
  const fold = () => island().querySelector("details") as HTMLDetailsElement;
  fold().open = true;
  button().focus();
  island().renew(copyOf(folded("b")));
  expect(fold().textContent).toContain("b");
  expect(fold().open).toBe(true);
  expect(island().contains(document.activeElement)).toBe(true);
});
