/** A row of a manifest as written: one character is one byte. */
export interface RawRow {
  /** From 1. A quoted field may contain line feeds, so a row can have several lines. */
  line: number;
  fields: string[];
}

export type RowFault = 'broken-quotes' | 'row-too-long';

/** Longer rows are refused, so that a missing quote does not read the whole manifest into memory. */
const MAX_ROW_BYTES = 1024 * 1024;

/**
 * Cuts the CSV of a manifest (RFC 4180, LF or CRLF) into rows, in pieces of any size. After a fault, whose line is
 * returned, the start of the next row is not known.
 */
export function createRowCutter() {
  let rest = '';
  let line = 1;

  function cut(piece: string, isEnd: boolean): { rows: RawRow[]; fault?: RowFault; line: number } {
    const text = rest + piece;
    const rows: RawRow[] = [];
    let at = 0;
    while (at < text.length) {
      const row = nextRow(text, at, isEnd);
      if (row === 'more') break;
      if (row === 'broken') return { rows, fault: 'broken-quotes', line };
      rows.push({ line, fields: row.fields });
      line += row.lines;
      at = row.next;
    }
    rest = text.slice(at);
    return { rows, line, ...(rest.length > MAX_ROW_BYTES && { fault: 'row-too-long' }) };
  }
  return { cut };
}

interface Cut {
  fields: string[];
  next: number;
  lines: number;
}

function nextRow(text: string, start: number, isEnd: boolean): Cut | 'more' | 'broken' {
  const feed = text.indexOf('\n', start);
  const line = text.slice(start, feed < 0 ? text.length : feed);
  if (line.includes('"')) return quotedRow(text, start, isEnd);
  if (feed < 0 && !isEnd) return 'more';
  const row = feed >= 0 && line.endsWith('\r') ? line.slice(0, -1) : line;
  return { fields: row.split(','), next: start + line.length + 1, lines: 1 };
}

/** A quote opens a field only at the field's start; anywhere else it is part of the value. */
function quotedRow(text: string, start: number, isEnd: boolean): Cut | 'more' | 'broken' {
  const fields: string[] = [];
  for (let at = start; ; ) {
    const field = text[at] === '"' ? quotedField(text, at) : plainField(text, at);
    if (!field) return isEnd ? 'broken' : 'more';
    const { value, end } = field;
    const isCut = end >= text.length || (text[end] === '\r' && end === text.length - 1);
    if (isCut && !isEnd) return 'more';
    const ending = /^(?:,|\r?\n|$)/.exec(text.slice(end, end + 2))?.[0];
    // Only a quoted field can be followed by other characters.
    if (ending === undefined) return 'broken';
    fields.push(value);
    at = end + ending.length;
    if (ending !== ',') return { fields, next: at, lines: text.slice(start, at).split('\n').length - 1 };
  }
}

function plainField(text: string, start: number): { value: string; end: number } {
  const comma = text.indexOf(',', start);
  const feed = text.indexOf('\n', start);
  let end = feed < 0 ? text.length : feed;
  if (comma >= 0 && comma < end) end = comma;
  else if (feed > start && text[feed - 1] === '\r') end = feed - 1;
  return { value: text.slice(start, end), end };
}

/** Undefined when the text ends before the closing quote. */
function quotedField(text: string, start: number): { value: string; end: number } | undefined {
  let quote = text.indexOf('"', start + 1);
  while (quote >= 0 && text[quote + 1] === '"') quote = text.indexOf('"', quote + 2);
  if (quote < 0) return undefined;
  return { value: text.slice(start + 1, quote).replaceAll('""', '"'), end: quote + 1 };
}
