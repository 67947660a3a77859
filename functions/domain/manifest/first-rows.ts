import { KnownError } from '../../core/errors.ts';
import { createRowReader, type PositionedRow } from '../report/csv-rows.ts';

const MAX_BYTES = 64 * 1024 * 1024;

/** Keeps the first rows of a CSV manifest as they are written, and forgets those that follow. */
export interface FirstRows {
  /** False once nothing more needs to be read. Throws InvalidRequest, and SyntaxError for a row that is too long. */
  read(chunk: Uint8Array): boolean;
  /** The rows; undefined if the manifest has no more than them. */
  end(): Buffer | undefined;
}

export function createFirstRows(count: number): FirstRows {
  const reader = createRowReader();
  let chunks: Uint8Array[] = [];
  let bytes = 0;
  let rows = 0;
  let first: Buffer | undefined;
  const pass = (read: PositionedRow[]) => {
    const next = read[count - rows];
    rows += read.length;
    if (!next) return;
    first = Buffer.concat(chunks).subarray(0, next.start);
    chunks = [];
  };
  return {
    read(chunk) {
      if (first) return false;
      chunks.push(chunk);
      bytes += chunk.length;
      pass(reader.read(Buffer.from(chunk).toString('latin1')));
      if (!first && bytes > MAX_BYTES) {
        const detail = `names rows of more than ${MAX_BYTES} bytes; the first ${rows} rows have as many`;
        const faults = [{ pointer: '/MaxObjects', detail, code: 'maxBytes' }];
        throw new KnownError('InvalidRequest', `MaxObjects ${detail}; nothing was done.`, { faults });
      }
      return first === undefined;
    },
    end() {
      if (!first) pass(reader.end());
      return first;
    },
  };
}
