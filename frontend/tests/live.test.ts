import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keepFocusInParts } from "../elements/focus";
import { LiveSign } from "../elements/live";

class NoSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  readyState = 0;
  close(): void {}
}

const fetched: string[] = [];
const run = (time: number): void => {
  vi.advanceTimersByTime(time);
};
const part = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;
const sign = (): LiveSign => document.querySelector("ct-live") as LiveSign;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", NoSocket);
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  document.body.innerHTML = `
    <main id="page" data-live="member:12 institute:3"><h1>Nila</h1><input id="name" value="Nila">
      <a href="/">Home</a></main>
    <a id="bell" data-live="account:12">2</a>
    <ct-live data-after="130"><span data-for="connecting">…</span><span data-for="live" hidden>Live</span></ct-live>`;
  keepFocusInParts(part("page"));
  fetched.length = 0;
  for (const one of document.querySelectorAll("[data-live]"))
    one.addEventListener("live", () => fetched.push(one.id));
});

afterEach(() => {
  document.body.innerHTML = "";
  vi.restoreAllMocks();
});

test("it listens to the topics of all parts", () => {
  expect(sign().topics()).toEqual(["member:12", "institute:3", "account:12"]);
});

test("only the parts that show a topic are fetched again", () => {
  sign().news(["account:12"]);
  run(2000);
  expect(fetched).toEqual(["bell"]);
});

test("what happens together is fetched together, and then the part rests", () => {
  sign().news(["member:12"]);
  sign().news(["member:12", "institute:3"]);
  run(50);
  expect(fetched).toEqual(["page"]);
  sign().news(["member:12"]);
  sign().news(["member:12"]);
  run(400);
  expect(fetched).toEqual(["page"]);
  run(100);
  expect(fetched).toEqual(["page", "page"]);
});

test("the pages of many listeners do not all come at the same moment", () => {
  sign().news(["institute:3"]);
  run(400);
  expect(fetched).toEqual([]);
  run(200);
  expect(fetched).toEqual(["page"]);
});

test("news of oneself do not wait for those of many", () => {
  sign().news(["institute:3"]);
  sign().news(["member:12"]);
  run(50);
  expect(fetched).toEqual(["page"]);
  run(2000);
  expect(fetched).toEqual(["page"]);
});

test("a page that nobody looks at waits until somebody does", () => {
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  sign().news(["member:12"]);
  run(60_000);
  expect(fetched).toEqual([]);
  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event("visibilitychange"));
  expect(fetched).toEqual(["page"]);
});

function answered(id: string, status: number): boolean {
  const detail = { ctx: { response: { status } } };
  const event = new CustomEvent("htmx:before:response", {
    detail,
    bubbles: true,
    cancelable: true,
  });
  return part(id).dispatchEvent(event);
}

test("an error is not shown in place of what is there, and it is tried again", () => {
  expect(answered("page", 200)).toBe(true);
  expect(answered("page", 503)).toBe(false);
  run(4900);
  expect(fetched).toEqual([]);
  run(200);
  expect(fetched).toEqual(["page"]);
});

test("the sign says how it stands", () => {
  sign().show("live");
  expect(sign().dataset.state).toBe("live");
  const words = [...sign().querySelectorAll("span")].filter((word) => !word.hidden);
  expect(words.map((word) => word.textContent)).toEqual(["Live"]);
});

/** What htmx tells of one request, and whether it may go on. */
function tell(id: string, name: string, ctx: object): boolean {
  const fragment = document.createDocumentFragment();
  fragment.append(document.createElement("main"));
  const detail = { ctx, tasks: [{ type: "main", target: part("page"), fragment }] };
  const event = new CustomEvent(`htmx:${name}`, { detail, bubbles: true, cancelable: true });
  return part(id).dispatchEvent(event);
}

/** A part that is asked for and exchanged. */
function exchange(change: () => void): void {
  const ctx = { select: "#page" };
  tell("page", "before:request", ctx);
  tell("page", "before:swap", ctx);
  change();
  tell("page", "after:swap", ctx);
}

test("who types goes on where they were, in the namesake of the field", () => {
  const field = part("name") as HTMLInputElement;
  field.focus();
  field.setSelectionRange(1, 3);
  exchange(() => {
    part("page").innerHTML = '<h1>Nila</h1><input id="name" value="Nila">';
  });
  const after = document.activeElement as HTMLInputElement;
  expect(after.id).toBe("name");
  expect([after.selectionStart, after.selectionEnd]).toEqual([1, 3]);
});

test("when the control is gone the focus goes to the heading, never to the body", () => {
  part("page").querySelector("a")?.focus();
  exchange(() => {
    part("page").innerHTML = "<h1>Nila</h1>";
  });
  expect(document.activeElement?.tagName).toBe("H1");
});

test("whose row goes away by what they did is at the heading, too", () => {
  part("page").insertAdjacentHTML("beforeend", '<form id="follow"></form>');
  part("page").querySelector("a")?.focus();
  const deed = {};
  tell("follow", "before:swap", deed);
  part("page").querySelector("a")?.remove();
  tell("follow", "after:swap", deed);
  expect(document.activeElement?.tagName).toBe("H1");
});

test("a focus elsewhere is left alone", () => {
  exchange(() => {
    part("page").innerHTML = "<h1>Nila</h1>";
  });
  expect(document.activeElement).toBe(document.body);
});

test("a number that changed is marked for a moment", () => {
  part("page").insertAdjacentHTML(
    "beforeend",
    '<b aria-live="polite">1500</b><b aria-live="polite">7</b>',
  );
  const [rating, solved] = [...part("page").querySelectorAll("b")];
  exchange(() => {
    if (rating) rating.textContent = "1512";
  });
  expect([rating?.className, solved?.className]).toEqual(["fresh", ""]);
  run(4000);
  expect(rating?.className).toBe("");
});

test("parts that came with the exchange are listened to", () => {
  const listened = vi.spyOn(LiveSign.prototype, "topics");
  exchange(() => {
    part("page").dataset.live = "member:12 institute:4";
  });
  expect(sign().topics()).toContain("institute:4");
  expect(listened).toHaveBeenCalled();
});

test("a copy that was asked for before the visitor did something is not shown but asked for again", () => {
  const copy = { select: "#page" };
  const deed = { select: "#page" };
  tell("page", "before:request", copy);
  tell("name", "before:request", deed);
  expect(tell("name", "before:swap", deed)).toBe(true);
  expect(tell("page", "before:swap", copy)).toBe(false);
  run(50);
  expect(fetched).toEqual(["page"]);
  const again = { select: "#page" };
  tell("page", "before:request", again);
  expect(tell("page", "before:swap", again)).toBe(true);
});
