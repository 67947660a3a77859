/** S3 writes at most this many bytes of a result string into the report. */
export const MAX_RESULT_BYTES = 1024;
const MAX_BYTES_PER_CHARACTER = 3;

/** The result of an action as text: a string unchanged, nothing as the empty string, everything else as its JSON. */
export function textOf(result: unknown): string {
  if (typeof result === 'string') return result;
  try {
    return JSON.stringify(result ?? undefined) ?? '';
  } catch {
    return '';
  }
}

/** Cuts the text to the limit, between two characters of UTF-8. */
export function withinLimit(text: string): string {
  if (text.length * MAX_BYTES_PER_CHARACTER <= MAX_RESULT_BYTES) return text.toWellFormed();
  const bytes = Buffer.from(text.slice(0, MAX_RESULT_BYTES));
  let end = Math.min(bytes.length, MAX_RESULT_BYTES);
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}
