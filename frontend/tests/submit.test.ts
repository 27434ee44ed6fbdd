import { beforeEach, expect, test, vi } from "vitest";
import { submitOnce } from "../elements/submit";

submitOnce(document);

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = '<form method="post"><button>Save</button></form>';
});

const form = (): HTMLFormElement => document.querySelector("form") as HTMLFormElement;
const button = (): HTMLButtonElement => document.querySelector("button") as HTMLButtonElement;

function submit(): SubmitEvent {
  const event = new SubmitEvent("submit", { bubbles: true, cancelable: true, submitter: button() });
  form().dispatchEvent(event);
  vi.runAllTimers();
  return event;
}

test("the second submit of the same form is stopped", () => {
  expect(submit().defaultPrevented).toBe(false);
  expect(submit().defaultPrevented).toBe(true);
});

test("the button turns busy but stays enabled, so that its value is sent", () => {
  submit();
  expect(button().getAttribute("aria-busy")).toBe("true");
  expect(button().disabled).toBe(false);
});

test("an answer by htmx makes the form new again", () => {
  submit();
  form().dispatchEvent(new Event("htmx:finally:request", { bubbles: true }));
  expect(button().hasAttribute("aria-busy")).toBe(false);
  expect(submit().defaultPrevented).toBe(false);
});

test("a form that htmx sends turns busy as well", () => {
  form().dispatchEvent(new Event("htmx:before:request", { bubbles: true }));
  expect(button().getAttribute("aria-busy")).toBe("true");
});

test("coming back to the page makes the form new again", () => {
  submit();
  window.dispatchEvent(new Event("pageshow"));
  expect(submit().defaultPrevented).toBe(false);
});
