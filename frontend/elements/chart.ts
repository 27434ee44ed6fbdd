/**
 * Brings the server's rating chart to life: the pointer or the arrow keys move a needle from contest to
 * contest, and a card tells its row of the table below, which is the only copy of the data.
 *
 * @example <ct-chart data-label="…"><div class="chart"><svg class="plot">…</svg></div><table>… <tr data-x="4.2" data-y="61"></table></ct-chart>
 */
import { Island } from "./island";

interface Spot {
  x: number;
  y: number;
  row: HTMLTableRowElement;
}

/** Index of the spot nearest to a place, both in percent; sideways distance counts most. */
export function nearest(spots: readonly { x: number; y: number }[], x: number, y: number): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  spots.forEach((spot, index) => {
    const distance = Math.abs(spot.x - x) + Math.abs(spot.y - y) / 8;
    if (distance < least) [best, least] = [index, distance];
  });
  return best;
}

export class RatingChart extends Island {
  private spots: Spot[] = [];
  private index = -1;
  /** The contest that the card tells of while a newer copy of the chart arrives. */
  private kept = "";
  private readonly needle = document.createElement("div");
  private readonly dot = document.createElement("i");
  private readonly card = document.createElement("div");
  private frame: HTMLElement | null = null;

  protected grow(): void {
    this.frame = this.querySelector(".chart");
    const rows = [...this.querySelectorAll<HTMLTableRowElement>("tr[data-x]")];
    this.spots = rows
      .map((row) => ({ x: Number(row.dataset.x), y: Number(row.dataset.y), row }))
      .reverse() // the newest comes first in the table, also of those at the same place
      .sort((a, b) => a.x - b.x);
    if (!this.frame || !this.spots.length || this.needle.isConnected) return;
    this.equip(this.frame);
  }

  protected override wither(): void {
    this.kept = nameOf(this.spots[this.index]?.row);
  }

  private equip(frame: HTMLElement): void {
    this.needle.className = "needle";
    this.needle.append(this.dot);
    this.card.className = "chart-card";
    this.card.setAttribute("role", "status");
    frame.append(this.needle, this.card);
    frame.tabIndex = 0;
    frame.setAttribute("role", "group");
    frame.setAttribute("aria-label", this.dataset.label ?? "");
    frame.addEventListener("pointermove", (event) => this.point(event));
    frame.addEventListener("pointerdown", (event) => this.point(event));
    frame.addEventListener("pointerleave", () => this.hide());
    frame.addEventListener("blur", () => this.hide());
    frame.addEventListener("keydown", (event) => this.key(event));
    this.hide();
    if (this.kept) this.go(this.spots.findIndex(({ row }) => nameOf(row) === this.kept));
  }

  private get plot(): DOMRect {
    return (this.querySelector(".plot") as SVGElement).getBoundingClientRect();
  }

  private point(event: PointerEvent): void {
    const box = this.plot;
    const x = ((event.clientX - box.left) / box.width) * 100;
    const y = ((event.clientY - box.top) / box.height) * 100;
    this.go(nearest(this.spots, x, y));
  }

  private key(event: KeyboardEvent): void {
    const last = this.spots.length - 1;
    const from = this.index < 0 ? last + 1 : this.index;
    const steps: Record<string, number> = {
      ArrowLeft: Math.max(from - 1, 0),
      ArrowRight: Math.min(from + 1, last),
      Home: 0,
      End: last,
    };
    const next = steps[event.key];
    if (next !== undefined) this.go(next);
    else if (event.key === "Escape") this.hide();
    else if (event.key === "Enter") this.spots[this.index]?.row.querySelector("a")?.click();
    else return;
    event.preventDefault();
  }

  private hide(): void {
    this.index = -1;
    this.needle.hidden = true;
    this.card.hidden = true;
  }

  private go(index: number): void {
    const spot = this.spots[index];
    if (!spot || !this.frame || index === this.index) return;
    this.index = index;
    this.card.replaceChildren(...tell(spot.row));
    this.needle.hidden = false;
    this.card.hidden = false;
    this.place(spot, this.frame.getBoundingClientRect());
  }

  private place(spot: Spot, frame: DOMRect): void {
    const plot = this.plot;
    const x = plot.left - frame.left + (plot.width * spot.x) / 100;
    const top = plot.top - frame.top;
    const y = (plot.height * spot.y) / 100;
    Object.assign(this.needle.style, {
      insetInlineStart: `${x}px`,
      insetBlockStart: `${top}px`,
      blockSize: `${plot.height}px`,
    });
    this.dot.style.insetBlockStart = `${y}px`;
    const width = this.card.offsetWidth;
    const side = x + 16 + width > frame.width ? x - 16 - width : x + 16;
    const low = Math.max(plot.height - this.card.offsetHeight, 0);
    Object.assign(this.card.style, {
      insetInlineStart: `${Math.max(side, 4)}px`,
      insetBlockStart: `${top + Math.min(Math.max(y - 32, 0), low)}px`,
    });
  }
}

/** What a contest is known by when rows are added: its date, its title and its address. */
function nameOf(row: HTMLTableRowElement | undefined): string {
  return [...(row?.cells ?? [])]
    .slice(0, 2)
    .map((cell) => cell.innerHTML)
    .join();
}

/** The card of a row: contest, then date and result, then change and rating. */
function tell(row: HTMLTableRowElement): HTMLElement[] {
  const [date, ...cells] = [...row.cells].filter((cell) => cell.tagName === "TD");
  const rating = cells.pop();
  const change = cells.pop();
  const title = document.createElement("b");
  title.textContent = row.querySelector("th")?.textContent ?? "";
  const when = document.createElement("p");
  when.textContent = [date, ...cells]
    .map((cell) => cell?.textContent?.trim())
    .filter(Boolean)
    .join(" · ");
  const figures = document.createElement("p");
  figures.append(...copies(rating), " ", ...copies(change));
  return [title, when, figures];
}

function copies(cell: HTMLTableCellElement | undefined): Node[] {
  return cell ? [...cell.cloneNode(true).childNodes] : [];
}

customElements.define("ct-chart", RatingChart);
