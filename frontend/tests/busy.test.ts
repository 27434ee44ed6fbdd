import { beforeEach, expect, test } from "vitest";
import { busyRegions } from "../elements/busy";

/** One of its own: the other tests share theirs. */
const page = document.implementation.createHTMLDocument();
busyRegions(page);

beforeEach(() => {
  page.body.innerHTML = `
    <div id="list"><button>Show</button></div>
    <p id="news" data-live="member:1"></p>
    <p id="progress" hx-trigger="every 2s"></p>`;
});

function ask(source: string, target: string, name = "htmx:before:request"): string | null {
  const region = page.querySelector(target);
  const detail = { ctx: { target: region } };
  page.querySelector(source)?.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  return region?.getAttribute("aria-busy") ?? null;
}

test("what a visitor asked for is busy until it is there", () => {
  expect(ask("button", "#list")).toBe("true");
  expect(ask("button", "#list", "htmx:finally:request")).toBe(null);
});

test.each(["#news", "#progress"])("%s asks by itself, and nobody waits for it", (part) => {
  expect(ask(part, part)).toBe(null);
});
