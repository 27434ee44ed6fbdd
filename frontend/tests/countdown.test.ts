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
