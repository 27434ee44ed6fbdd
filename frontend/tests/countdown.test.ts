import { beforeEach, expect, test, vi } from "vitest";
import "../elements/countdown";

const ended = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  ended.mockClear();
  document.body.innerHTML = "";
  document.body.addEventListener("countdown:end", ended);
});

function begin(attributes: string): HTMLElement {
  document.body.innerHTML = `<ct-countdown ${attributes}></ct-countdown>`;
  return document.querySelector("ct-countdown") as HTMLElement;
}

test("it counts down in its text and ends once", () => {
  const element = begin('seconds="3"');
  expect(element.textContent).toBe("3 s");
  vi.advanceTimersByTime(2000);
  expect(element.textContent).toBe("1 s");
  vi.advanceTimersByTime(10_000);
  expect(element.textContent).toBe("0 s");
  expect(ended).toHaveBeenCalledTimes(1);
});

test("with repeat it begins anew", () => {
  begin('seconds="3" repeat');
  vi.advanceTimersByTime(9000);
  expect(ended).toHaveBeenCalledTimes(3);
});

test("a hidden page asks nobody", () => {
  begin('seconds="3" repeat');
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  vi.advanceTimersByTime(60_000);
  expect(ended).not.toHaveBeenCalled();
  hidden.mockRestore();
});

test("it stops when it leaves the page", () => {
  begin('seconds="3"').remove();
  vi.advanceTimersByTime(60_000);
  expect(ended).not.toHaveBeenCalled();
});

test("until a moment it fills its parts, by the clock", () => {
  vi.setSystemTime(new Date("2026-11-21T12:00:00Z"));
  document.body.innerHTML = `<ct-countdown until="2026-11-22T14:05:00Z">
    <b data-unit="86400"></b><b data-unit="3600"></b><b data-unit="60"></b></ct-countdown>`;
  const parts = () => [...document.querySelectorAll("b")].map((part) => part.textContent);
  expect(parts()).toEqual(["1", "02", "05"]);
  vi.advanceTimersByTime(61_000);
  expect(parts()).toEqual(["1", "02", "03"]);
});
