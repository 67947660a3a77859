import { keyTooLong } from '../errors.ts';

const MAX_KEY_BYTES = 1024;

/** The key of a new object: any text of at most 1,024 bytes. */
export function newKey(key: string | undefined): string {
  const sizeBytes = Buffer.byteLength(key ?? '');
  if (sizeBytes > MAX_KEY_BYTES) throw keyTooLong(sizeBytes, MAX_KEY_BYTES);
  return key ?? '';
}
