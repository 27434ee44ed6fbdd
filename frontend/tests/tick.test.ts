import { beforeEach, expect, test } from "vitest";
import { tickAll } from "../elements/tick";

beforeEach(() => {
  document.body.innerHTML = `<form><input type="checkbox" data-tick-all="row" hidden>
    <input type="checkbox" name="row" value="1"><input type="checkbox" name="row" value="2">
    <input type="checkbox" name="other"></form>`;
  tickAll(document);
});

const all = (): HTMLInputElement => document.querySelector("[data-tick-all]") as HTMLInputElement;
const rows = (): HTMLInputElement[] => [
  ...document.querySelectorAll<HTMLInputElement>("[name=row]"),
];
const other = (): HTMLInputElement => document.querySelector("[name=other]") as HTMLInputElement;

test("the box appears with the script", () => {
  expect(all().hidden).toBe(false);
});

test("it ticks all rows, and no others", () => {
  all().click();
  expect(rows().map((row) => row.checked)).toEqual([true, true]);
  expect(other().checked).toBe(false);
  all().click();
  expect(rows().map((row) => row.checked)).toEqual([false, false]);
});

test("it shows whether some, all or none are ticked", () => {
  rows()[0]?.click();
  expect([all().checked, all().indeterminate]).toEqual([false, true]);
  rows()[1]?.click();
  expect([all().checked, all().indeterminate]).toEqual([true, false]);
});
