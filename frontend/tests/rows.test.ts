import { beforeEach, expect, test } from "vitest";
import "../elements/rows";

let followed: string[];

const press = (way: string): void =>
  document.querySelector<HTMLElement>(`[data-row="${way}"]`)?.click();

const focused = (): string => document.activeElement?.id ?? "";

beforeEach(() => {
  followed = [];
  location.hash = "";
  document.body.innerHTML = `<ct-rows>
    <button data-row="next"></button><button data-row="previous"></button><button data-row="follow"></button>
    <table><tbody>
      <tr tabindex="-1"><th><a id="nila" href="#nila">Nila</a></th><td><button data-follow="nila">Follow</button></td></tr>
      <tr tabindex="-1" id="nobody"><th>Anonymous member</th><td></td></tr>
      <tr tabindex="-1"><th><a id="arjo" href="#arjo">Arjo</a></th><td><button data-follow="arjo">Follow</button></td></tr>
    </tbody></table></ct-rows>`;
  for (const button of document.querySelectorAll<HTMLElement>("[data-follow]"))
    button.onclick = () => followed.push(button.dataset.follow ?? "");
});

test("the keys go down and up, to the link of a row or to the row itself", () => {
  const met = ["next", "next", "next", "previous"].map((way) => {
    press(way);
    return focused();
  });
  expect(met).toEqual(["nila", "nobody", "arjo", "nobody"]);
});

test("the first and the last row are the end of it", () => {
  press("previous");
  expect(focused()).toBe("nila");
  for (let n = 0; n < 5; n++) press("next");
  expect(focused()).toBe("arjo");
});

test("whoever jumped to a row begins there", () => {
  location.hash = "#nobody";
  press("next");
  expect(focused()).toBe("nobody");
  press("next");
  expect(focused()).toBe("arjo");
});

test("the member in whose row one stands is followed", () => {
  press("next");
  press("follow");
  expect(followed).toEqual(["nila"]);
});

test("nobody is followed from elsewhere, nor without a name", () => {
  press("follow");
  press("next");
  press("next");
  press("follow");
  expect(followed).toEqual([]);
});
