/** Whether a text fits a pattern, in which `*` stands for any characters. */
export function fitsPattern(pattern: string, text: string): boolean {
  const [start = '', ...parts] = pattern.split('*');
  const end = parts.pop();
  if (end === undefined) return text === start;
  if (!text.startsWith(start)) return false;
  let at = start.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - at >= end.length && text.endsWith(end);
}

export const fitsOne = (patterns: readonly string[], text: string): boolean =>
  patterns.some((pattern) => fitsPattern(pattern, text));

/** A bucket, and of its objects one key or all keys that start alike; all of them without either. */
export interface Place {
  bucket: string;
  key?: string;
  prefix?: string;
}

/** `logs-*` is all of each such bucket, `logs/2026*` the keys that start so. */
function holdsAllOf(pattern: string, { bucket, key, prefix = '' }: Place): boolean {
  const slash = pattern.indexOf('/');
  if (slash < 0) return fitsPattern(pattern, bucket);
  if (!fitsPattern(pattern.slice(0, slash), bucket)) return false;
  const keys = pattern.slice(slash + 1);
  return key === undefined ? keys.endsWith('*') && fitsPattern(keys, prefix) : fitsPattern(keys, key);
}

/** Whether one of the patterns `BUCKET` and `BUCKET/KEY*` holds the whole place. */
export const isInside = (patterns: readonly string[], place: Place): boolean =>
  patterns.some((pattern) => holdsAllOf(pattern, place));
