/**
 * The line to the club: a WebSocket, and while that is down a question every five seconds. It tells
 * which topics have news, never what they are. What is said: docs/reference/live.md.
 */
export type State = "connecting" | "live" | "asking" | "lost" | "ended";

export interface Page {
  /** What the page wants to hear of at present. */
  topics(): string[];
  /** Something happened to these topics. */
  news(topics: readonly string[]): void;
  show(state: State): void;
}

interface Message {
  seq?: number;
  topics?: string[];
  listening?: string[];
  refused?: string[];
  resync?: number;
  ping?: number;
}

interface Answer {
  seq: number;
  resync: boolean;
  listening: string[];
  refused: string[];
  events: { topics: string[] }[];
}

const SOCKET = "/ws/";
const EVENTS = "/api/events/";
/** So long it may be down before the page asks instead, and so often it asks, in milliseconds. */
const PATIENCE = 2000;
const ASK = 5000;
const LONGEST = 30_000;
/** The club says something every 25 s. */
const SILENCE = 60_000;

export class Line {
  private readonly page: Page;
  /** The last place in the order of events that we know of. */
  private place: number | null;
  private socket: WebSocket | null = null;
  private state: State = "connecting";
  /** What this socket was asked to tell of, and what nobody tells us. */
  private asked = new Set<string>();
  private readonly refused = new Set<string>();
  private tries = 0;
  private next = 0;
  private question = 0;
  private silence = 0;

  constructor(page: Page, place: number | null) {
    this.page = page;
    this.place = place;
  }

  /** Connect, unless that is done, or there is nothing to hear of. */
  open(): void {
    clearTimeout(this.next);
    this.next = 0;
    if (this.socket || this.state === "ended" || !this.wanted.length) return;
    const socket = new WebSocket(SOCKET);
    this.socket = socket;
    socket.addEventListener("open", () => this.sync());
    socket.addEventListener("message", ({ data }) => this.hear(JSON.parse(data)));
    socket.addEventListener("close", ({ code }) => this.fall(socket, code));
    this.askIn(PATIENCE);
    this.mind();
  }

  /** Let go, until `open`. */
  close(): void {
    const socket = this.socket;
    this.socket = null;
    this.rest();
    this.stopAsking();
    // One that is closed while it connects complains in the console.
    if (socket?.readyState === WebSocket.CONNECTING)
      socket.addEventListener("open", () => socket.close());
    else socket?.close();
  }

  /** The network, or the visitor, is back: do not wait any longer. */
  hurry(): void {
    if (this.state === "live" || this.state === "ended") return;
    this.open();
    this.stopAsking();
    this.askIn(0);
  }

  /** Listen to what the page wants to hear of by now. */
  sync(): void {
    if (this.socket?.readyState !== WebSocket.OPEN) {
      if (!this.next) this.open(); // else its time comes
      return;
    }
    const wanted = new Set(this.wanted);
    const left = [...this.asked].filter((topic) => !wanted.has(topic));
    const fresh = [...wanted].filter((topic) => !this.asked.has(topic));
    this.asked = wanted;
    if (left.length) this.say({ leave: left });
    if (fresh.length) this.say({ listen: fresh, after: this.place });
  }

  private get wanted(): string[] {
    return [...new Set(this.page.topics())].filter((topic) => !this.refused.has(topic));
  }

  private say(message: object): void {
    this.socket?.send(JSON.stringify(message));
  }

  private hear(message: Message): void {
    this.mind();
    if (message.ping !== undefined) {
      this.place = message.ping;
      this.say({ pong: message.ping });
    } else if (message.refused) this.refuse(message.refused);
    else if (message.resync !== undefined) this.take(message.resync, message.topics ?? []);
    else if (message.listening) this.stand(message.seq ?? this.place);
    else if (message.seq !== undefined) this.take(message.seq, message.topics ?? []);
  }

  private take(place: number, topics: readonly string[]): void {
    this.place = place;
    if (topics.length) this.page.news(topics);
  }

  /** A right was lost, so what is shown may be too much: the page asks once more and never again. */
  private refuse(topics: readonly string[]): void {
    const lost = topics.filter((topic) => !this.refused.has(topic));
    for (const topic of lost) {
      this.refused.add(topic);
      this.asked.delete(topic);
    }
    if (lost.length) this.page.news(lost);
  }

  /** The connection stands, and everything that was missed has been told. */
  private stand(place: number | null): void {
    this.place = place;
    this.tries = 0;
    this.stopAsking();
    this.show("live");
  }

  private fall(socket: WebSocket, code: number): void {
    if (socket !== this.socket) return;
    this.socket = null;
    this.rest();
    this.askIn(PATIENCE);
    this.next = window.setTimeout(() => this.open(), this.pause(code));
  }

  /** How long to wait before the next try: not all pages come back at the same moment. */
  private pause(code: number): number {
    if (code === 1012) return Math.random() * 5000;
    if (code === 1008 || code === 1009) return LONGEST;
    const whole = Math.min(1000 * 2 ** this.tries, LONGEST);
    this.tries += 1;
    return whole * (0.5 + Math.random());
  }

  private rest(): void {
    if (this.state === "live") this.state = "connecting";
    this.asked.clear();
    clearTimeout(this.next);
    clearTimeout(this.silence);
  }

  private mind(): void {
    clearTimeout(this.silence);
    this.silence = window.setTimeout(() => {
      const socket = this.socket;
      if (!socket) return;
      this.fall(socket, 1006);
      socket.close();
    }, SILENCE);
  }

  // --- asking instead --------------------------------------------------------

  /** Ask after a while, unless that is going to be done anyway. */
  private askIn(wait: number): void {
    this.question ||= window.setTimeout(() => this.ask(), wait);
  }

  private stopAsking(): void {
    clearTimeout(this.question);
    this.question = 0;
  }

  private async ask(): Promise<void> {
    if (!document.hidden) {
      const question = this.question;
      const { status, told } = await this.answer();
      if (question !== this.question) return; // the socket is back, or somebody is in a hurry
      if (status === 401) return this.end();
      if (told) this.learn(told);
      else this.show("lost");
    }
    this.question = 0;
    this.askIn(ASK);
  }

  private async answer(): Promise<{ status: number; told: Answer | null }> {
    try {
      const answer = await fetch(this.questionUrl);
      return { status: answer.status, told: answer.ok ? await answer.json() : null };
    } catch {
      return { status: 0, told: null };
    }
  }

  private get questionUrl(): string {
    const asked = new URLSearchParams({ topics: this.wanted.join(",") });
    if (this.place !== null) asked.set("after", String(this.place));
    return `${EVENTS}?${asked}`;
  }

  private learn(answer: Answer): void {
    this.show("asking");
    this.refuse(answer.refused);
    this.take(
      answer.seq,
      answer.resync ? answer.listening : answer.events.flatMap((event) => event.topics),
    );
  }

  private end(): void {
    this.show("ended");
    this.close();
  }

  private show(state: State): void {
    this.state = state;
    this.page.show(state);
  }
}
