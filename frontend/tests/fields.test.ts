import { expect, test } from "vitest";
import "../elements/password";
import { fillTimeZones } from "../elements/timezone";

test("a password can be shown and hidden", () => {
  document.body.innerHTML = `<form><ct-password data-show="Show" data-hide="Hide">
    <input type="password" id="p"></ct-password></form>`;
  const input = document.querySelector("input") as HTMLInputElement;
  const button = document.querySelector("button") as HTMLButtonElement;
  expect([button.textContent, button.type]).toEqual(["Show", "button"]);
  button.click();
  expect([input.type, button.textContent]).toEqual(["text", "Hide"]);
  input.form?.dispatchEvent(new Event("submit"));
  expect(input.type).toBe("password");
});

test("a new password is judged by its length while it is typed", () => {
  document.body.innerHTML = `<ct-password data-show="Show" data-hide="Hide" data-least="10"
    data-more="# more to go" data-enough="Long enough" data-strong="Strong"><input type="password"></ct-password>`;
  const input = document.querySelector("input") as HTMLInputElement;
  const said = (text: string): string | null | undefined => {
    input.value = text;
    input.dispatchEvent(new Event("input"));
    return document.querySelector("output")?.textContent;
  };
  expect(said("seven77")).toBe("3 more to go");
  expect(said("a-long-walk")).toBe("Long enough");
  expect(said("a-long-evening-walk")).toBe("Strong");
  expect(said("")).toBe("");
});

test("an old password is not judged", () => {
  document.body.innerHTML = '<ct-password data-show="Show"><input type="password"></ct-password>';
  expect(document.querySelector("output")).toBeNull();
});

test("the browser's time zone fills an empty field and leaves a chosen one", () => {
  document.body.innerHTML = `<input data-timezone id="empty" value="">
    <input data-timezone id="chosen" value="Asia/Kolkata">`;
  fillTimeZones(document);
  const value = (id: string): string | undefined =>
    document.querySelector<HTMLInputElement>(id)?.value;
  expect(value("#empty")).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
  expect(value("#chosen")).toBe("Asia/Kolkata");
});
