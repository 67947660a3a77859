/** Text from outside must not move the cursor or set colours: control characters are shown as `?`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern finds them
export const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');

/** Rows under their headings, in columns; the last one is cut at the width of the terminal. Empty for no rows. `paint` colours a cell after its width is known. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  width: number | undefined,
  paint: (cell: string, column: number) => string = (cell) => cell,
): string {
  if (rows.length === 0) return '';
  const clean = [headings, ...rows].map((row) => row.map(printable));
  const widths = headings.map((_, i) => Math.max(...clean.map((row) => (row[i] ?? '').length)));
  const line = (row: readonly string[], isHeading: boolean) => {
    let used = 0;
    return row
      .map((cell, i) => {
        const isLast = i === row.length - 1;
        const room = isLast && width ? Math.max(8, width - used) : Number.POSITIVE_INFINITY;
        const text = cell.length > room ? `${cell.slice(0, room - 1)}…` : cell;
        used += (widths[i] ?? 0) + 2;
        const padding = isLast ? '' : ' '.repeat((widths[i] ?? 0) - text.length + 2);
        return (isHeading ? text : paint(text, i)) + padding;
      })
      .join('')
      .trimEnd();
  };
  return clean.map((row, i) => line(row, i === 0)).join('\n');
}
