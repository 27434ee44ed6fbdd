/** The box in the head of a table ticks all boxes of its form; without script it is not there. */
export function tickAll(root: ParentNode): void {
  for (const all of root.querySelectorAll<HTMLInputElement>("[data-tick-all]")) {
    const rows = all.form?.querySelectorAll<HTMLInputElement>(`[name="${all.dataset.tickAll}"]`);
    if (!rows?.length) continue;
    all.hidden = false;
    const look = (): void => {
      const ticked = [...rows].filter((row) => row.checked).length;
      all.checked = ticked === rows.length;
      all.indeterminate = ticked > 0 && !all.checked;
    };
    all.addEventListener("change", () => {
      for (const row of rows) row.checked = all.checked;
    });
    for (const row of rows) row.addEventListener("change", look);
    look();
  }
}
