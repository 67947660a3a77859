/** Whether a text matches a pattern, in which `*` matches any characters. */
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

/** Objects of a bucket: the one with `key`, those whose keys start with `prefix`, or all of them. */
export interface S3Location {
  bucket: string;
  key?: string;
  prefix?: string;
}

/** `logs-*` holds all objects of each matching bucket, `logs/2026*` those of the matching keys. */
function holdsAllOf(pattern: string, { bucket, key, prefix = '' }: S3Location): boolean {
  const slash = pattern.indexOf('/');
  if (slash < 0) return fitsPattern(pattern, bucket);
  if (!fitsPattern(pattern.slice(0, slash), bucket)) return false;
  const keys = pattern.slice(slash + 1);
  return key === undefined ? keys.endsWith('*') && fitsPattern(keys, prefix) : fitsPattern(keys, key);
}

/** Whether one of the patterns `BUCKET` and `BUCKET/KEY*` holds the whole location. */
export const isInside = (patterns: readonly string[], location: S3Location): boolean =>
  patterns.some((pattern) => holdsAllOf(pattern, location));
