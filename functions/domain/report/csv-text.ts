/** Spreadsheets read a cell with such a start as a formula; an apostrophe before it makes it text. */
const defused = (cell: string) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell);

const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** CSV (RFC 4180) with a header, safe to open in a spreadsheet. */
export function csvOf<T extends object>(names: readonly (keyof T & string)[], rows: readonly T[]): string {
  const lines = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '')))];
  return lines.map((cells) => `${cells.map((cell) => quoted(defused(cell))).join(',')}\r\n`).join('');
}
