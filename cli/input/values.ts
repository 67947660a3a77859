/** What users type, in a terminal or in the form of the page: pairs, points in time, members of a job request. `name` is that of the option or field, for the error. */
import type { JobRequest } from '../../functions/core/generated/job-request.mjs';
import { usageError } from '../exit-codes.ts';

/** `a=1` and `b=2` as `[['a', '1'], ['b', '2']]`; only the first `=` splits. Throws a usage error. */
export function pairsOf(name: string, texts: readonly string[]): [string, string][] {
  return texts.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw usageError(`${name} ${text}: use NAME=VALUE`);
    return [text.slice(0, at), text.slice(at + 1)];
  });
}

export const tagsOf = (name: string, texts: readonly string[]) =>
  pairsOf(name, texts).map(([Key, Value]) => ({ Key, Value }));

/** `s3://bucket/some/key` as bucket and key; the key may be empty. Throws a usage error. */
export function s3LocationOf(name: string, text: string): { bucket: string; key: string } {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(text) ?? [];
  if (!bucket) throw usageError(`${name} ${text}: use s3://BUCKET/KEY`);
  return { bucket, key };
}

const unitMs: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `90s`, `15m`, `2h`, `3d`, `1w` in milliseconds. Throws a usage error. */
export function durationMs(name: string, text: string): number {
  const [, count, unit = ''] = /^(\d{1,9})([smhdw])$/.exec(text) ?? [];
  if (!count) throw usageError(`${name} ${text}: use a duration such as 90s, 15m, 2h or 3d`);
  return Number(count) * (unitMs[unit] ?? 0);
}

/** `yesterday`, `today`, a duration before now (`2h`; with `sign` 1 after now) or a date as RFC 3339. Days begin at midnight in the time zone of this machine. Throws a usage error. */
export function momentOf(name: string, text: string, nowMs: number, sign: 1 | -1 = -1): string {
  if (text === 'today' || text === 'yesterday') {
    const day = new Date(nowMs);
    day.setHours(text === 'today' ? 0 : -24, 0, 0, 0);
    return day.toISOString();
  }
  if (/^\d+[smhdw]$/.test(text)) return new Date(nowMs + sign * durationMs(name, text)).toISOString();
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms))
    throw usageError(`${name} ${text}: use yesterday, 2h, 2026-11-01 or an RFC 3339 time`);
  return new Date(ms).toISOString();
}

/** JSON that a person wrote. Throws a usage error. */
export function parsed<T>(text: string, name: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw usageError(`${name} is no JSON: ${(error as Error).message}`);
  }
}

type Operation = JobRequest['Operation'];
type Source = Pick<JobRequest, 'Manifest' | 'ManifestGenerator'>;

export const tagging = (name: string, pairs: readonly string[]): Operation => ({
  S3PutObjectTagging: { TagSet: tagsOf(name, pairs) },
});

export function copying(name: string, address: string, storageClass?: string): Operation {
  const { bucket, key } = s3LocationOf(name, address);
  return {
    S3PutObjectCopy: {
      TargetResource: `arn:aws:s3:::${bucket}`,
      ...(key && { TargetKeyPrefix: key.replace(/\/$/, '') }),
      ...(storageClass !== undefined && { StorageClass: storageClass as never }),
    },
  };
}

export const restoring = (days: number, tier: string): Operation => ({
  S3InitiateRestoreObject: { ExpirationInDays: days, GlacierJobTier: tier as 'BULK' },
});

export const acting = (action: string, given: object = {}): Operation => ({
  LambdaInvoke: { UserArguments: { action, ...given } },
});

export function manifestAt(name: string, address: string, fields?: string[], etag?: string): Source {
  const { bucket, key } = s3LocationOf(name, address);
  if (!key) throw usageError(`${name} ${address}: the key is missing`);
  return {
    Manifest: {
      ...(fields && { Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: fields as never } }),
      Location: { ObjectArn: `arn:aws:s3:::${bucket}/${key}`, ...(etag && { ETag: etag }) },
    },
  };
}

export function objectsUnder(name: string, address: string): Source {
  const { bucket, key } = s3LocationOf(name, address);
  return {
    ManifestGenerator: {
      S3JobManifestGenerator: {
        SourceBucket: `arn:aws:s3:::${bucket}`,
        EnableManifestOutput: false,
        ...(key && { Filter: { KeyNameConstraint: { MatchAnyPrefix: [key] } } }),
      },
    },
  };
}
