/**
 * Plain-text tables.
 *
 * @module
 */

/** Lines of a table: columns as wide as their widest cell, text to the left, numbers to the right. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const isNumeric = head.map((_, column) =>
    column > 0 && rows.length > 0 && rows.every((row) => /^$|^[-\d]/.test(row[column] ?? ""))
  );
  const lines = all.map((row) =>
    widths.map((width, column) => {
      const cell = row[column] ?? "";
      return isNumeric[column] ? cell.padStart(width) : cell.padEnd(width);
    }).join("  ").trimEnd()
  );
  lines.splice(1, 0, widths.map((width) => "─".repeat(width)).join("  "));
  return lines.join("\n");
}
