import { beforeEach, expect, test, vi } from "vitest";
import "../elements/toasts";

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = `<ct-toasts data-close="Close">
    <div class="toast success"><p>Saved</p></div><div class="toast error"><p>Not reached</p></div></ct-toasts>`;
});

const texts = (): string[] =>
  [...document.querySelectorAll(".toast p")].map((p) => p.textContent ?? "");

test("good news leaves by itself, trouble stays", () => {
  vi.advanceTimersByTime(8000);
  expect(texts()).toEqual(["Not reached"]);
});

test("a toast does not leave while it is focused", () => {
  document.querySelector<HTMLElement>(".success button")?.focus();
  vi.advanceTimersByTime(30_000);
  expect(texts()).toContain("Saved");
  (document.activeElement as HTMLElement).blur();
  vi.advanceTimersByTime(1000);
  expect(texts()).not.toContain("Saved");
});

test("each can be closed, and the button has a name", () => {
  const button = document.querySelector<HTMLButtonElement>(".error button");
  expect(button?.getAttribute("aria-label")).toBe("Close");
  button?.click();
  expect(texts()).toEqual(["Saved"]);
});

test("an answer of the server can say something, and only as text", () => {
  const detail = { message: "<b>Done</b>", tone: "success" };
  document.dispatchEvent(new CustomEvent("toast", { detail }));
  expect(texts()).toContain("<b>Done</b>");
  expect(document.querySelector(".toast b")).toBeNull();
});
