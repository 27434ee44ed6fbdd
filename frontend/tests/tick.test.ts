import { beforeEach, expect, test } from "vitest";
import { tickAll } from "../elements/tick";

let form: HTMLFormElement;

beforeEach(() => {
  form = document.createElement("form");
  form.innerHTML = `<input type="checkbox" data-tick-all="row" hidden>
    <input type="checkbox" name="row" value="1"><input type="checkbox" name="row" value="2">
    <input type="checkbox" name="other">`;
  document.body.replaceChildren(form);
  tickAll(form);
});

const box = (place: number): HTMLInputElement => form.elements[place] as HTMLInputElement;
const rows = (): boolean[] => [box(1).checked, box(2).checked];

test("the box appears with the script", () => {
  expect(box(0).hidden).toBe(false);
});

test("it ticks all rows, and no others", () => {
  box(0).click();
  expect(rows()).toEqual([true, true]);
  expect(box(3).checked).toBe(false);
  box(0).click();
  expect(rows()).toEqual([false, false]);
});

test("it shows whether some, all or none are ticked", () => {
  box(1).click();
  expect([box(0).checked, box(0).indeterminate]).toEqual([false, true]);
  box(2).click();
  expect([box(0).checked, box(0).indeterminate]).toEqual([true, false]);
});
