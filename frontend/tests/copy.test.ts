import { beforeEach, expect, test, vi } from "vitest";
import "../elements/copy";

const write = vi.fn((_text: string) => Promise.resolve());

beforeEach(() => {
  vi.useFakeTimers();
  write.mockReset();
  write.mockResolvedValue(undefined);
  Object.defineProperty(navigator, "clipboard", {
    value: { writeText: write },
    configurable: true,
  });
  document.body.innerHTML = `<ct-copy data-done="Copied"><input readonly value="ct-7K3M">
    <button type="button" hidden><span>Copy</span></button></ct-copy>`;
});

const button = (): HTMLButtonElement => document.querySelector("button") as HTMLButtonElement;

test("the button appears with the script", () => {
  expect(button().hidden).toBe(false);
});

test("it copies the string and says so for two seconds", async () => {
  button().click();
  await vi.waitFor(() => expect(button().textContent?.trim()).toBe("Copied"));
  expect(write).toHaveBeenCalledWith("ct-7K3M");
  vi.advanceTimersByTime(2000);
  expect(button().textContent?.trim()).toBe("Copy");
});

test("when the browser refuses, it does not claim to have copied", async () => {
  write.mockRejectedValue(new Error("denied"));
  button().click();
  await vi.advanceTimersByTimeAsync(10);
  expect(button().textContent?.trim()).toBe("Copy");
});
