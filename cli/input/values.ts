/** Values that options carry: pairs, locations in S3, points in time. */
import { usageError } from '../exit-codes.ts';

/** `a=1` and `b=2` as `[['a', '1'], ['b', '2']]`; only the first `=` splits. Throws a usage error. */
export function pairsOf(option: string, texts: readonly string[]): [string, string][] {
  return texts.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw usageError(`--${option} ${text}: use NAME=VALUE`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
}

export const tagsOf = (option: string, texts: readonly string[]) =>
  pairsOf(option, texts).map(([Key, Value]) => ({ Key, Value }));

/** `s3://bucket/some/key` as bucket and key; the key may be empty. Throws a usage error. */
export function s3LocationOf(option: string, text: string): { bucket: string; key: string } {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(text) ?? [];
  if (!bucket) throw usageError(`--${option} ${text}: use s3://BUCKET/KEY`);
  return { bucket, key };
}

const unitMs: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `90s`, `15m`, `2h`, `3d`, `1w` in milliseconds. Throws a usage error. */
export function durationMs(option: string, text: string): number {
  const [, count, unit = ''] = /^(\d{1,9})([smhdw])$/.exec(text) ?? [];
  if (!count) throw usageError(`--${option} ${text}: use a duration such as 90s, 15m, 2h or 3d`);
  return Number(count) * (unitMs[unit] ?? 0);
}

/**
 * `yesterday`, `today`, a duration before now (`2h`) or a date as RFC 3339.
 * Days begin at midnight in the time zone of this machine. Throws a usage error.
 */
export function momentOf(option: string, text: string, nowMs: number): string {
  if (text === 'today' || text === 'yesterday') {
    const day = new Date(nowMs);
    day.setHours(text === 'today' ? 0 : -24, 0, 0, 0);
    return day.toISOString();
  }
  if (/^\d+[smhdw]$/.test(text)) return new Date(nowMs - durationMs(option, text)).toISOString();
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms))
    throw usageError(`--${option} ${text}: use yesterday, 2h, 2026-11-01 or an RFC 3339 time`);
  return new Date(ms).toISOString();
}
