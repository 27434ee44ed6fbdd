/**
 * Keeps a page up to date. Parts name in `data-live` the topics they show; at news of one of them the part
 * gets the event `live`, by which htmx fetches it again. The sign says how the page hears of news.
 *
 * @example <ct-live data-after="130"><span data-for="live">Live</span><span data-for="asking" hidden>Reconnecting</span></ct-live>
 * @example <div id="part" data-live="member:12" hx-get="/members/nila/" hx-select="#part" hx-trigger="live" hx-swap="outerMorph">
 */
import { Line, type Page, type State } from "./line";
import { markChanges } from "./mark";

interface Request {
  select?: string | null;
  response?: { status: number };
}

interface HtmxDetail {
  ctx: Request;
  tasks?: { type: string; fragment: DocumentFragment }[];
}

/** Topics of one member: few listen. The pages that listen to others do not all come at once. */
const NARROW = /^(account|member):/;
const SPREAD = 1000;
/** What happens together is fetched together; then the part rests. */
const GATHER = 30;
const REST = 500;
const AFTER_ERROR = 5000;

const parts = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-live]")];

const topicsOf = (part: HTMLElement): string[] =>
  (part.dataset.live ?? "").split(" ").filter(Boolean);

function partOf(event: Event): HTMLElement | null {
  const part = event.target;
  return part instanceof HTMLElement && part.dataset.live !== undefined ? part : null;
}

/** When each part is fetched next. */
class Agenda {
  private readonly due = new Map<HTMLElement, { at: number; timer: number }>();
  private readonly done = new WeakMap<HTMLElement, number>();

  add(part: HTMLElement, wait: number): void {
    const now = performance.now();
    const rested = (this.done.get(part) ?? Number.NEGATIVE_INFINITY) + REST;
    const at = Math.max(now + wait, rested);
    const planned = this.due.get(part);
    if (planned && planned.at <= at) return;
    clearTimeout(planned?.timer);
    this.due.set(part, { at, timer: window.setTimeout(() => this.fetch(part), at - now) });
  }

  /** A page that nobody looks at waits until somebody does. */
  wake(): void {
    for (const [part, { at }] of this.due) if (at <= performance.now()) this.fetch(part);
  }

  private fetch(part: HTMLElement): void {
    if (document.hidden && part.isConnected) return;
    this.due.delete(part);
    this.done.set(part, performance.now());
    part.dispatchEvent(new CustomEvent("live"));
  }
}

export class LiveSign extends HTMLElement implements Page {
  private readonly agenda = new Agenda();
  private readonly line = new Line(this, this.since);
  private readonly heard = new AbortController();
  /** What is left to do once a part was exchanged. */
  private readonly afterwards = new WeakMap<HTMLElement, () => void>();
  /** How often the visitor changed the page by what they did, and how often when a part was asked for. */
  private deeds = 0;
  private readonly asked = new WeakMap<Request, number>();

  connectedCallback(): void {
    const { signal } = this.heard;
    const on = (target: EventTarget, name: string, act: (event: Event) => void): void =>
      target.addEventListener(name, act, { signal });
    on(document, "htmx:before:request", (event) => this.note(event as CustomEvent));
    on(document, "htmx:before:response", (event) => this.check(event as CustomEvent));
    on(document, "htmx:error", (event) => this.retry(partOf(event)));
    on(document, "htmx:before:swap", (event) => this.admit(event as CustomEvent));
    on(document, "htmx:after:swap", (event) => this.settle(partOf(event)));
    on(document, "visibilitychange", () => this.look());
    on(window, "online", () => this.line.hurry());
    on(window, "pagehide", () => this.line.close());
    on(window, "pageshow", () => this.line.open());
    this.line.open();
  }

  disconnectedCallback(): void {
    this.heard.abort();
    this.line.close();
  }

  topics(): string[] {
    return parts().flatMap(topicsOf);
  }

  news(topics: readonly string[]): void {
    for (const part of parts()) {
      const own = topicsOf(part).filter((topic) => topics.includes(topic));
      const spread = own.some((topic) => NARROW.test(topic)) ? 0 : Math.random() * SPREAD;
      if (own.length) this.agenda.add(part, GATHER + spread);
    }
  }

  show(state: State): void {
    this.dataset.state = state;
    for (const word of this.querySelectorAll<HTMLElement>("[data-for]"))
      word.hidden = word.dataset.for !== state;
  }

  private get since(): number | null {
    return this.dataset.after ? Number(this.dataset.after) : null;
  }

  private look(): void {
    if (document.hidden) return;
    this.agenda.wake();
    this.line.hurry();
  }

  private note({ detail }: CustomEvent<HtmxDetail>): void {
    this.asked.set(detail.ctx, this.deeds);
  }

  /** An error is no newer copy: what is shown stays, unless it is not for this visitor any more. */
  private check(event: CustomEvent<HtmxDetail>): void {
    const part = partOf(event);
    const status = event.detail.ctx.response?.status ?? 0;
    if (!part || status < 400) return;
    event.preventDefault();
    if (status < 500 && status !== 429) location.reload();
    else this.retry(part);
  }

  private retry(part: HTMLElement | null): void {
    if (part) this.agenda.add(part, AFTER_ERROR);
  }

  /** Where the answer has no such part it is another page by now, and this one comes anew. */
  private admit(event: CustomEvent<HtmxDetail>): void {
    const part = partOf(event);
    const { ctx, tasks } = event.detail;
    if (!part) {
      this.deeds += 1;
      return;
    }
    if (this.asked.get(ctx) !== this.deeds) {
      // The visitor did something since, and this copy may be of before.
      event.preventDefault();
      this.agenda.add(part, GATHER);
      return;
    }
    const main = tasks?.find((task) => task.type === "main");
    if (ctx.select && !main?.fragment.childElementCount) {
      event.preventDefault();
      location.reload();
    } else this.afterwards.set(part, markChanges(part));
  }

  private settle(part: HTMLElement | null): void {
    if (part) this.afterwards.get(part)?.();
    if (part) this.afterwards.delete(part);
    this.line.sync();
  }
}

customElements.define("ct-live", LiveSign);
