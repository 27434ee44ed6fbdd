import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Line, type State } from "../elements/line";

class FakeSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static made: FakeSocket[] = [];
  readyState = FakeSocket.CONNECTING;
  sent: Record<string, unknown>[] = [];
  constructor(url: string) {
    super();
    expect(url).toBe("/ws/");
    FakeSocket.made.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.fall(1000);
  }
  accept(): void {
    this.readyState = FakeSocket.OPEN;
    this.dispatchEvent(new Event("open"));
  }
  tell(message: object): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }
  fall(code: number): void {
    this.readyState = 3;
    this.dispatchEvent(new CloseEvent("close", { code }));
  }
}

const heard: string[] = [];
const states: State[] = [];
let topics: string[] = [];
let line: Line;

const page = {
  topics: () => topics,
  news: (names: readonly string[]) => heard.push(...names),
  show: (state: State) => states.push(state),
};

const fetched = vi.fn();

function answer(status: number, body: object = {}): void {
  fetched.mockImplementation(async () => new Response(JSON.stringify(body), { status }));
}

const nothing = (seq: number, more: object = {}) => ({
  seq,
  resync: false,
  listening: topics,
  refused: [],
  events: [],
  ...more,
});

/** The newest socket, which the club has let in and answered. */
function live(): FakeSocket {
  line.open();
  const socket = newest();
  socket.accept();
  socket.tell({ hello: 140 });
  socket.tell({ listening: topics, seq: 140 });
  return socket;
}

const newest = (): FakeSocket => FakeSocket.made.at(-1) as FakeSocket;
const urls = (): string[] => fetched.mock.calls.map(([url]) => decodeURIComponent(url));
const run = (time: number) => vi.advanceTimersByTimeAsync(time);

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("fetch", fetched);
  FakeSocket.made = [];
  fetched.mockReset();
  answer(200, nothing(140));
  heard.length = states.length = 0;
  topics = ["member:1", "institute:3"];
  line = new Line(page, 130);
});

afterEach(() => {
  line.close();
  vi.restoreAllMocks();
});

test("it listens from the place that the page was made at", () => {
  expect(live().sent).toEqual([{ listen: ["member:1", "institute:3"], after: 130 }]);
  expect(states).toEqual(["live"]);
});

test("news are told by topic, and move the place of the next connection", async () => {
  const socket = live();
  socket.tell({ seq: 141, tag: "ratings:rating:changed", topics: ["member:1"], data: {} });
  expect(heard).toEqual(["member:1"]);
  socket.fall(1006);
  await run(1000);
  newest().accept();
  expect(newest().sent).toEqual([{ listen: topics, after: 141 }]);
});

test("too much to tell is news of everything, and the place may go back", () => {
  const socket = live();
  socket.tell({ resync: 7, topics: ["member:1"] });
  expect(heard).toEqual(["member:1"]);
  socket.fall(1012);
  vi.advanceTimersByTime(2500);
  newest().accept();
  expect(newest().sent[0]?.after).toBe(7);
});

test("a ping is answered", () => {
  const socket = live();
  socket.tell({ ping: 150 });
  expect(socket.sent.at(-1)).toEqual({ pong: 150 });
});

test("what is not for us is fetched once more and never asked for again", () => {
  const socket = live();
  socket.tell({ refused: ["institute:3"] });
  expect(heard).toEqual(["institute:3"]);
  socket.fall(1006);
  vi.advanceTimersByTime(1000);
  newest().accept();
  expect(newest().sent[0]?.listen).toEqual(["member:1"]);
});

test("a page that changed listens to what is new and leaves the rest", () => {
  const socket = live();
  topics = ["member:1", "member:2"];
  line.sync();
  expect(socket.sent.slice(1)).toEqual([
    { leave: ["institute:3"] },
    { listen: ["member:2"], after: 140 },
  ]);
});

test("tries get rarer until one holds", async () => {
  line.open();
  for (const wait of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
    const count = FakeSocket.made.length;
    newest().fall(1006);
    await run(wait - 1);
    expect(FakeSocket.made.length).toBe(count);
    await run(1);
    expect(FakeSocket.made.length).toBe(count + 1);
  }
  newest().accept();
  newest().tell({ listening: topics, seq: 140 });
  newest().fall(1006);
  const count = FakeSocket.made.length;
  await run(1000);
  expect(FakeSocket.made.length).toBe(count + 1);
});

test("a short break is nobody's business", async () => {
  live().fall(1006);
  await run(1000);
  newest().accept();
  newest().tell({ listening: topics, seq: 140 });
  await run(10_000);
  expect(fetched).not.toHaveBeenCalled();
  expect(states).toEqual(["live", "live"]);
});

test("a longer one is bridged by asking every five seconds", async () => {
  live().fall(1008);
  answer(200, nothing(143, { events: [{ topics: ["member:1"] }] }));
  await run(2000);
  expect(urls()).toEqual(["/api/events/?topics=member:1,institute:3&after=140"]);
  expect(heard).toEqual(["member:1"]);
  expect(states.at(-1)).toBe("asking");
  await run(5000);
  expect(urls().at(-1)).toContain("after=143");
});

test("tries that fail do not put the questions off", async () => {
  line.open();
  for (let second = 0; second < 20; second += 1) {
    if (newest().readyState !== 3) newest().fall(1006);
    await run(1000);
  }
  expect(fetched).toHaveBeenCalledTimes(4); // at 2, 7, 12 and 17 s
});

test("asking, too, may be told that it was too much", async () => {
  live().fall(1008);
  answer(200, nothing(900, { resync: true }));
  await run(2000);
  expect(heard).toEqual(topics);
});

test("asking ends when the socket is back, and what was on its way is forgotten", async () => {
  live().fall(1006);
  let late = (_: Response): void => undefined;
  fetched.mockImplementation(() => new Promise<Response>((resolve) => (late = resolve)));
  await run(500);
  newest().fall(1006);
  await run(2000);
  newest().accept();
  newest().tell({ listening: topics, seq: 160 });
  late(new Response(JSON.stringify(nothing(150, { resync: true }))));
  await run(20_000);
  expect(heard).toEqual([]);
  expect(fetched.mock.calls.length).toBeLessThanOrEqual(1);
  expect(states.at(-1)).toBe("live");
});

test("whom nobody answers is told so, and asks on", async () => {
  live().fall(1008);
  fetched.mockRejectedValue(new TypeError("Failed to fetch"));
  await run(2000);
  expect(states.at(-1)).toBe("lost");
  answer(200, nothing(140));
  await run(5000);
  expect(states.at(-1)).toBe("asking");
});

test("who is signed out stays so: nothing is tried or asked any more", async () => {
  live().fall(1008);
  answer(401);
  await run(2000);
  expect(states.at(-1)).toBe("ended");
  fetched.mockClear();
  const count = FakeSocket.made.length;
  await run(120_000);
  expect(fetched).not.toHaveBeenCalled();
  expect(FakeSocket.made.length).toBe(count);
});

test("a hidden page asks nobody, and at once when it is looked at", async () => {
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  live().fall(1008);
  await run(12_000);
  expect(fetched).not.toHaveBeenCalled();
  hidden.mockReturnValue(false);
  line.hurry();
  await run(0);
  expect(fetched).toHaveBeenCalledTimes(1);
});

test("a connection that says nothing for a minute is given up", async () => {
  live();
  await run(60_000);
  await run(1000);
  expect(FakeSocket.made).toHaveLength(2);
});

test("a page without anything live connects to nobody", () => {
  topics = [];
  line.open();
  expect(FakeSocket.made).toEqual([]);
});

test("a page that is left lets go, and comes back where it was", () => {
  live().tell({ ping: 150 });
  line.close();
  vi.advanceTimersByTime(120_000);
  expect(FakeSocket.made).toHaveLength(1);
  line.open();
  newest().accept();
  expect(newest().sent[0]?.after).toBe(150);
});
