import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { sendsAlong } from "../elements/sends";

sendsAlong(document);
const stay = (event: Event): void => event.preventDefault(); // jsdom goes nowhere

beforeAll(() => document.addEventListener("click", stay));
afterAll(() => document.removeEventListener("click", stay));
const sent = vi.fn((..._call: unknown[]) => Promise.resolve(new Response()));
vi.stubGlobal("fetch", sent);

beforeEach(() => {
  sent.mockClear();
  document.body.innerHTML = `
    <a href="/members/nila/" data-sends="read"><b>Codeforces: 1534</b></a>
    <a href="/other/">Other</a>
    <form id="read" method="post" action="/inbox/handle:1/read/"><input name="up_to" value="7"></form>`;
});

function press(selector: string, kind = "click", button = 0): void {
  const event = new MouseEvent(kind, { bubbles: true, cancelable: true, button });
  document.querySelector(selector)?.dispatchEvent(event);
}

test("following the link sends its form, and goes on when the page is left", () => {
  press("b");
  const [url, how] = sent.mock.calls[0] as [string, RequestInit];
  expect(new URL(url, location.href).pathname).toBe("/inbox/handle:1/read/");
  expect(how).toMatchObject({ method: "POST", keepalive: true });
  expect((how.body as FormData).get("up_to")).toBe("7");
});

test("so does opening it in a tab, but not the menu of the right button", () => {
  press("b", "auxclick", 2);
  expect(sent).not.toHaveBeenCalled();
  press("b", "auxclick", 1);
  expect(sent).toHaveBeenCalledOnce();
});

test("another link sends nothing", () => {
  press("a[href='/other/']");
  expect(sent).not.toHaveBeenCalled();
});
