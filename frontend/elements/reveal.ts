/** On narrow screens rows of links scroll sideways: begin where the current one can be seen. */
export function revealCurrent(root: ParentNode): void {
  for (const link of root.querySelectorAll(":is(.side, .tabs) [aria-current]")) {
    const row = link.closest("ul, .tabs");
    if (row && row.scrollWidth > row.clientWidth)
      link.scrollIntoView({ inline: "center", block: "nearest" });
  }
}
