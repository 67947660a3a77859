/** A row and the position of its first character, counted from the reader's `start`. */
export interface PositionedRow {
  fields: string[];
  start: number;
}

/** Longer rows are refused, so that a missing quote does not read a whole file into memory. */
const MAX_ROW_CHARACTERS = 1024 * 1024;

/**
 * Reads CSV (RFC 4180) in pieces of any size, and keeps an incomplete row for the next piece. Throws SyntaxError for a
 * row that is too long.
 */
export function createRowReader(start = 0): { read(text: string): PositionedRow[]; end(): PositionedRow[] } {
  let rest = '';
  let offset = start;

  const read = (text: string, isEnd: boolean): PositionedRow[] => {
    // Only a line feed ends a row: without one, there is nothing to cut yet.
    if (!isEnd && !text.includes('\n')) {
      rest += text;
      checkLength(rest.length, offset);
      return [];
    }
    const input = rest + text;
    const rows: PositionedRow[] = [];
    let fields: string[] = [];
    let rowStart = 0;
    const endRow = (end: number) => {
      checkLength(end - rowStart, offset + rowStart);
      rows.push({ fields, start: offset + rowStart });
    };
    for (let at = 0; at < input.length; ) {
      const field = input[at] === '"' ? quotedField(input, at) : plainField(input, at);
      // The piece may end within a field, between two quotes, or between CR and LF.
      if (field.end >= input.length - 1 && !isEnd && input[field.end] !== '\n') break;
      fields.push(field.value);
      if (input[field.end] === ',') {
        at = field.end + 1;
        if (at === input.length) fields.push('');
        continue;
      }
      at = input[field.end] === '\r' ? field.end + 2 : field.end + 1;
      endRow(at);
      fields = [];
      rowStart = at;
    }
    if (isEnd && fields.length > 0) endRow(input.length);
    rest = isEnd ? '' : input.slice(rowStart);
    offset += rowStart;
    checkLength(rest.length, offset);
    return rows;
  };

  return { read: (text) => read(text, false), end: () => read('', true) };
}

function checkLength(characters: number, start: number): void {
  if (characters > MAX_ROW_CHARACTERS) throw new SyntaxError(`the row at ${start} is longer than 1 MiB`);
}

function plainField(input: string, start: number): { value: string; end: number } {
  let end = start;
  while (end < input.length && input[end] !== ',' && input[end] !== '\n' && input[end] !== '\r') end++;
  return { value: input.slice(start, end), end };
}

/** S3's own examples contain a quote that is not doubled. A quote that does not end the field is part of its value. */
function quotedField(input: string, start: number): { value: string; end: number } {
  let end = start + 1;
  for (;;) {
    const quote = input.indexOf('"', end);
    if (quote < 0) return { value: '', end: input.length };
    const next = input[quote + 1];
    if (next === undefined || next === ',' || next === '\n' || next === '\r')
      return { value: input.slice(start + 1, quote).replaceAll('""', '"'), end: quote + 1 };
    end = quote + (next === '"' ? 2 : 1);
  }
}
