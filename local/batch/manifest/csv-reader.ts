import type { Task } from '../task.ts';
import { FORMAT_FAULT } from '../unconfirmed.ts';
import type { Columns } from './columns.ts';
import { splitPlainRow, splitQuotedRow } from './csv-row.ts';
import type { ManifestPosition } from './manifest.ts';
import { invalidContent, ManifestFault } from './manifest-fault.ts';
import { createTaskReader } from './task-reader.ts';

/**
 * Text is parsed in pieces of this size: some hundred rows, in a fraction of a millisecond. That few tasks are freed
 * before the garbage collector moves them to its old generation, which would grow with the manifest.
 */
const PIECE_BYTES = 16 * 1024;

/** Longest row. It keeps an unclosed quote from reading the whole manifest into memory. */
const MAX_ROW_BYTES = 1024 * 1024;

const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';

const NOT_ASCII = /[\u0080-\u00ff]/;

/**
 * Reads the rows of a CSV file whose bytes start at the given position. Rows end in LF or CRLF, the last row may end
 * with the file. Fields may be quoted as in RFC 4180.
 */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  columns: Columns,
  from: ManifestPosition,
): AsyncGenerator<Task[]> {
  const cutter = createRowCutter(columns, from);
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      yield cutter.cut(toLatin1(chunk.subarray(at, at + PIECE_BYTES)), false);
    }
  }
  yield cutter.cut('', true);
}

const toLatin1 = ({ buffer, byteOffset, length }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, length).toString('latin1');

/** Cuts text into rows; keeps an incomplete row at the end of a piece for the next piece. */
function createRowCutter(columns: Columns, from: ManifestPosition) {
  const fields = Array.from({ length: columns.count }, () => '');
  const reader = createTaskReader(columns, from);
  let rest = '';
  let offset = from.offset;

  function cutRows(text: string, isLast: boolean): Task[] {
    const tasks: Task[] = [];
    const split = text.includes('"') ? splitQuotedRow : splitPlainRow;
    const isAscii = !NOT_ASCII.test(text);
    let start = 0;
    while (start < text.length) {
      const next = split(text, start, isLast, fields);
      if (next < 0) break;
      tasks.push(reader.toTask(fields, offset + next, isAscii));
      start = next;
    }
    rest = text.slice(start);
    offset += start;
    return tasks;
  }

  return {
    cut(piece: string, isLast: boolean): Task[] {
      try {
        const text = rest + piece;
        if (offset === 0 && text.startsWith(BYTE_ORDER_MARK)) throw invalidContent(FORMAT_FAULT);
        const tasks = cutRows(text, isLast);
        if (rest.length > MAX_ROW_BYTES) throw invalidContent(FORMAT_FAULT);
        return tasks;
      } catch (error) {
        throw error instanceof ManifestFault ? error.at(`row ${reader.next() + 1}`) : error;
      }
    },
  };
}
