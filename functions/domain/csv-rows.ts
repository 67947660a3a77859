/** Reads CSV (RFC 4180) in pieces of any size; what is left of a row waits for the next piece. */
export function createRowReader(): { read(text: string): string[][]; end(): string[][] } {
  let rest = '';

  const read = (text: string, isEnd: boolean): string[][] => {
    const input = rest + text;
    const rows: string[][] = [];
    let row: string[] = [];
    let rowStart = 0;
    for (let at = 0; at < input.length; ) {
      const field = input[at] === '"' ? quotedField(input, at) : plainField(input, at);
      // The end of the piece may cut a field, a pair of quotes, or CR from LF.
      if (field.end >= input.length - 1 && !isEnd && input[field.end] !== '\n') break;
      row.push(field.value);
      if (input[field.end] === ',') {
        at = field.end + 1;
        if (at === input.length) row.push('');
        continue;
      }
      at = input[field.end] === '\r' ? field.end + 2 : field.end + 1;
      rows.push(row);
      row = [];
      rowStart = at;
    }
    if (isEnd && row.length > 0) rows.push(row);
    rest = isEnd ? '' : input.slice(rowStart);
    return rows;
  };

  return { read: (text) => read(text, false), end: () => read('', true) };
}

function plainField(input: string, start: number): { value: string; end: number } {
  let end = start;
  while (end < input.length && input[end] !== ',' && input[end] !== '\n' && input[end] !== '\r') end++;
  return { value: input.slice(start, end), end };
}

function quotedField(input: string, start: number): { value: string; end: number } {
  let end = start + 1;
  for (;;) {
    const quote = input.indexOf('"', end);
    if (quote < 0) return { value: '', end: input.length };
    if (input[quote + 1] !== '"')
      return { value: input.slice(start + 1, quote).replaceAll('""', '"'), end: quote + 1 };
    end = quote + 2;
  }
}
