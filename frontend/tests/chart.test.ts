import { beforeEach, expect, test } from "vitest";
import { nearest } from "../elements/chart";
import type { Island } from "../elements/island";

const ROWS = [
  { x: 90, y: 20, title: "Round 3", change: "+80", rating: "1871 Expert" },
  { x: 50, y: 60, title: "Round 2", change: "−12", rating: "1791 Expert" },
  { x: 5, y: 80, title: "Round 1", change: "–", rating: "1803 Expert" },
];

function chartOf(contests: typeof ROWS): string {
  const rows = contests.map(
    ({ x, y, title, change, rating }) =>
      `<tr data-x="${x}" data-y="${y}"><td>17 Aug 2025</td><th><a href="#${title}">${title}</a></th>
       <td>rank 212</td><td>${change}</td><td>${rating}</td></tr>`,
  );
  return `<ct-chart data-label="Rating chart"><div class="chart"><svg class="plot"></svg></div>
    <table><tbody>${rows.join("")}</tbody></table></ct-chart>`;
}

beforeEach(() => {
  document.body.innerHTML = chartOf(ROWS);
});

/** A newer copy of the page arrives. */
function renew(contests: typeof ROWS): void {
  const holder = document.createElement("template");
  holder.innerHTML = chartOf(contests);
  const chart = document.querySelector("ct-chart") as Island;
  chart.renew(holder.content.firstElementChild as Element);
}

const frame = (): HTMLElement => document.querySelector(".chart") as HTMLElement;
const card = (): HTMLElement => document.querySelector(".chart-card") as HTMLElement;
const press = (key: string): boolean =>
  frame().dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));

test("the nearest spot is found sideways first", () => {
  const spots = [
    { x: 10, y: 90 },
    { x: 12, y: 10 },
    { x: 80, y: 50 },
  ];
  expect(nearest(spots, 13, 12)).toBe(1);
  expect(nearest(spots, 9, 85)).toBe(0);
  expect(nearest(spots, 99, 0)).toBe(2);
  expect(nearest([], 1, 1)).toBe(-1);
});

test("it can be reached by keys and says what it is", () => {
  expect(frame().tabIndex).toBe(0);
  expect(frame().getAttribute("aria-label")).toBe("Rating chart");
  expect(card().hidden).toBe(true);
});

test("the first arrow goes to the latest contest, the next one back in time", () => {
  press("ArrowLeft");
  expect(card().hidden).toBe(false);
  expect(card().textContent).toContain("Round 3");
  press("ArrowLeft");
  expect(card().textContent).toContain("Round 2");
  press("Home");
  expect(card().textContent).toContain("Round 1");
});

test("contests at the same place come in their order", () => {
  renew([{ ...ROWS[0], title: "Round 4" } as (typeof ROWS)[0], ...ROWS]);
  press("ArrowLeft");
  expect(card().textContent).toContain("Round 4");
  press("ArrowLeft");
  expect(card().textContent).toContain("Round 3");
});

test("the card tells date, result, rating and change of the row", () => {
  press("End");
  expect(card().textContent).toMatch(/17 Aug 2025 · rank 212.*1871 Expert.*\+80/s);
});

test("Enter opens the contest, Escape closes the card", () => {
  let opened = "";
  document.addEventListener("click", (event) => {
    opened = (event.target as HTMLElement).textContent ?? "";
  });
  press("End");
  press("Enter");
  expect(opened).toBe("Round 3");
  press("Escape");
  expect(card().hidden).toBe(true);
});

test("other keys are left to the page", () => {
  expect(press("a")).toBe(true);
  expect(press("ArrowLeft")).toBe(false);
});

test("a card that is being read goes on telling of its contest when another one is added", () => {
  const newest = { x: 95, y: 10, title: "Round 4", change: "+9", rating: "1880 Expert" };
  press("ArrowLeft");
  frame().focus();
  renew([newest, ...ROWS.map((row) => ({ ...row, x: row.x - 5 }))]);
  expect(card().hidden).toBe(false);
  expect(card().textContent).toContain("Round 3");
  expect(document.activeElement).toBe(frame());
  press("ArrowRight");
  expect(card().textContent).toContain("Round 4");
});

test("a card of a contest that is gone is closed, and one that was closed stays so", () => {
  press("ArrowLeft");
  renew(ROWS.slice(1));
  expect(card().hidden).toBe(true);
  press("Home");
  press("Escape");
  renew(ROWS);
  expect(card().hidden).toBe(true);
});
