/**
 * Spreadsheets read a cell with such a start as a formula, also after white space at its start and with full-width signs.
 * An apostrophe before it makes it text.
 */
const FORMULA_START = /^[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]|^\s+[=+\-@\uff1d\uff0b\uff0d\uff20]/;

const defused = (cell: string) => (FORMULA_START.test(cell) ? `'${cell}` : cell);

/** A cell that a reader of CSV (RFC 4180) reads back unchanged. */
export const csvCell = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

/** CSV (RFC 4180) with a header, safe to open in a spreadsheet. */
export function csvOf<T extends object>(names: readonly (keyof T & string)[], rows: readonly T[]): string {
  const lines = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '')))];
  return lines.map((cells) => `${cells.map((cell) => csvCell(defused(cell))).join(',')}\r\n`).join('');
}
