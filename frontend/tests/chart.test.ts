import { beforeEach, expect, test } from "vitest";
import { nearest } from "../elements/chart";

const ROWS = [
  { x: 90, y: 20, title: "Round 3", change: "+80", rating: "1871 Expert" },
  { x: 50, y: 60, title: "Round 2", change: "−12", rating: "1791 Expert" },
  { x: 5, y: 80, title: "Round 1", change: "–", rating: "1803 Expert" },
];

beforeEach(() => {
  const rows = ROWS.map(
    ({ x, y, title, change, rating }) =>
      `<tr data-x="${x}" data-y="${y}"><td>17 Aug 2025</td><th><a href="#${title}">${title}</a></th>
       <td>rank 212</td><td>${change}</td><td>${rating}</td></tr>`,
  );
  document.body.innerHTML = `<ct-chart data-label="Rating chart"><div class="chart"><svg class="plot"></svg></div>
    <table><tbody>${rows.join("")}</tbody></table></ct-chart>`;
});

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
