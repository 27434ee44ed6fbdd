/** Tells a form the browser's time zone where it asks for it and nothing was chosen yet. */
export function fillTimeZones(root: ParentNode): void {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const field of root.querySelectorAll<HTMLInputElement>("[data-timezone]")) {
    if (!field.value && zone) field.value = zone;
  }
}
