import { beforeEach, expect, test } from "vitest";
import { shortcuts } from "../elements/shortcuts";

let pressed: string[];

function page(body: string): void {
  document.body.innerHTML = `${body}<ct-shortcuts><dialog><dl class="keys"></dl></dialog></ct-shortcuts>`;
}

function type(...keys: string[]): void {
  const target = document.activeElement ?? document.body;
  for (const key of keys) {
    target.dispatchEvent(
      new KeyboardEvent("keydown", { key, code: key, bubbles: true, cancelable: true }),
    );
  }
}

beforeEach(() => {
  pressed = [];
  delete document.body.dataset.singleKeys;
  document.onclick = (event) => pressed.push((event.target as HTMLElement).textContent ?? "");
});

test("a key presses the element that claims it", () => {
  page('<button data-keys="c">New</button>');
  type("c");
  expect(pressed).toEqual(["New"]);
});

test("a sequence needs all of its keys", () => {
  page('<a href="#m" data-keys="g m">Members</a>');
  type("g");
  expect(pressed).toEqual([]);
  type("m");
  expect(pressed).toEqual(["Members"]);
});

test("a field is focused instead of pressed", () => {
  page('<input data-keys="/" data-keys-label="Find">');
  type("/");
  expect(document.activeElement).toBe(document.querySelector("input"));
});

test("nothing happens while somebody types", () => {
  page('<button data-keys="c">New</button><input id="text">');
  document.querySelector("input")?.focus();
  type("c");
  expect(pressed).toEqual([]);
});

test("single letters can be switched off", () => {
  document.body.dataset.singleKeys = "off";
  page('<button data-keys="c">New</button>');
  type("c");
  expect(pressed).toEqual([]);
});

test("what htmx brings is listened to as well", () => {
  page('<div id="here"></div>');
  const here = document.querySelector("#here") as HTMLElement;
  here.innerHTML = '<button data-keys="x">Late</button>';
  document.dispatchEvent(new Event("htmx:after:swap"));
  type("x");
  expect(pressed).toEqual(["Late"]);
});

test("the first element that claims a key has it, and the list is in reading order", () => {
  page(
    '<a data-keys="g m">Members</a><input data-keys="/" data-keys-label="Find"><a data-keys="/">No</a>',
  );
  expect(shortcuts(document).map(({ keys, label }) => [keys, label])).toEqual([
    ["g m", "Members"],
    ["/", "Find"],
  ]);
});

test("the page itself has a key before the frame around it", () => {
  page(
    '<header><input id="site" data-keys="/"></header><main><input id="list" data-keys="/"></main>',
  );
  type("/");
  expect(document.activeElement?.id).toBe("list");
});

test("a field without room on this screen leaves its key to the link that stands in for it", () => {
  page('<input data-keys="/"><a href="#members" data-keys="/">Find</a>');
  const field = document.querySelector("input") as HTMLElement;
  field.checkVisibility = () => false;
  type("/");
  expect(pressed).toEqual(["Find"]);
});

test("controls tell their key aloud, but for sequences and for keys that are switched off", () => {
  const told = () =>
    [...document.querySelectorAll("[data-keys]")].map((one) =>
      one.getAttribute("aria-keyshortcuts"),
    );
  const body =
    '<a href="#m" data-keys="g m">Members</a><button data-keys="c">New</button><button data-keys="c">Other</button>';
  page(body);
  expect(told()).toEqual([null, "c", null]);
  document.body.dataset.singleKeys = "off";
  page(body);
  expect(told()).toEqual([null, null, null]);
});

test("a key that several claim presses the one beside the focus", () => {
  page(
    '<li data-keys-scope><button data-keys="e">First</button></li><li data-keys-scope><a href="#there">There</a><button data-keys="e">Second</button></li>',
  );
  type("e");
  (document.querySelector("a") as HTMLElement).focus();
  type("e");
  expect(pressed).toEqual(["First", "Second"]);
});

test("a key that ends a sequence is not pressed on its own as well", () => {
  page('<a href="#feed" data-keys="g f">Feed</a><button data-keys="f">Follow</button>');
  type("g", "f");
  expect(pressed).toEqual(["Feed"]);
  type("f");
  expect(pressed).toEqual(["Feed", "Follow"]);
});

test("what the browser does itself is listed and left alone", () => {
  page('<button data-keys="Enter" data-keys-native>Open</button>');
  type("Enter");
  expect(pressed).toEqual([]);
  expect(shortcuts(document).map(({ keys }) => keys)).toEqual(["Enter"]);
});
