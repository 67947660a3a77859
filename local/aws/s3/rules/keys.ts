import { keyTooLong } from '../errors.ts';

const MAX_KEY_BYTES = 1024;

/** The key of a new object; any bytes are allowed, but not too many. */
export function newKey(key: string | undefined): string {
  const sizeBytes = Buffer.byteLength(key ?? '');
  if (sizeBytes > MAX_KEY_BYTES) throw keyTooLong(sizeBytes, MAX_KEY_BYTES);
  return key ?? '';
}
