import { invalidRange } from '../errors.ts';

/** Bytes from `from` (inclusive) to `to` (exclusive). */
export interface ByteRange {
  from: number;
  to: number;
}

/**
 * The bytes that a Range header selects; undefined for all bytes, or if S3 ignores the header (several ranges, other
 * units). Throws InvalidRange when the object has none of the bytes.
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (header === undefined || (first === '' && last === '')) return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const from = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const to = first === '' || last === '' ? sizeBytes : Math.min(sizeBytes, Number(last) + 1);
  if (from >= sizeBytes || from >= to) throw invalidRange(header, sizeBytes);
  return { from, to };
}
