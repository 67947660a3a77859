import type { Digest } from '../../core/generated/report.mjs';
import { isRetryableStatus, retryableErrors } from '../../core/retryable-errors.ts';
import { decodedKey, failedTaskOf, type ReportRow } from './report-rows.ts';

/** A summary of the failed rows of a completion report. */
export interface ReportDigest {
  /** Failed rows that were read. */
  failed: number;
  /** Whether only the first part of the failed rows was read; the numbers describe that part. */
  isSample: boolean;
  /** Most frequent first, at most 20. */
  byCode: { errorCode: string; httpStatus: number; count: number; isRetryable: boolean }[];
  /** By the first folders of the keys, most frequent first, at most 20. */
  byPrefix: { prefix: string; count: number }[];
  /** The first row of each code, at most 10. Keys are written as in the manifest. */
  samples: ReportRow[];
  /** From 0 to 1: the share of the failed rows whose tasks can succeed when they run again. */
  retryableShare: number;
}

/** Reading stops at these limits, so that it takes a few seconds for a report of any size. */
const LIMITS = { rows: 250_000, characters: 64_000_000 };
const MAX_CODES = 200;
const MAX_PREFIXES = 5000;
const LISTED = 20;
const SAMPLES = 10;
const MAX_SAMPLE_MESSAGE = 300;

/** The report has this code for a LambdaInvoke task whose function answered with it. */
const TEMPORARY_FAILURE = 'TemporaryFailure';

/** Replication returns 500 also for permanent faults of an object, its buckets or their rules. */
const OF_REPLICATION = /^(Src|Dst|AssumeRole|InitiateReplication)/;

/** Whether the same task can succeed later. */
export const isRetryable = (errorCode: string, httpStatus: number): boolean =>
  retryableErrors.has(errorCode) ||
  errorCode === TEMPORARY_FAILURE ||
  (isRetryableStatus(httpStatus) && !OF_REPLICATION.test(errorCode));

/** Up to two folders of a key; empty for a key without folders. */
const prefixOf = (key: string) => /^([^/]*\/){1,2}/.exec(key)?.[0] ?? '';

/** Counts a name in a map of limited size; new names count as "(other)" once it is full. */
function count(counts: Map<string, number>, name: string, limit: number): void {
  const counted = counts.has(name) || counts.size < limit ? name : '(other)';
  counts.set(counted, (counts.get(counted) ?? 0) + 1);
}

const mostFrequent = (counts: Map<string, number>) =>
  [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, LISTED);

function codeEntry([name, count]: [string, number]): ReportDigest['byCode'][number] {
  const [, http = '0', errorCode = name] = /^(\d+) (.*)$/.exec(name) ?? [];
  return { errorCode, httpStatus: Number(http), count, isRetryable: isRetryable(errorCode, Number(http)) };
}

/** Summarizes failed rows one by one, in constant memory. */
export function createDigest(limits = LIMITS): {
  add(row: ReportRow): void;
  isFull(): boolean;
  digest(isSample: boolean): ReportDigest;
} {
  const codes = new Map<string, number>();
  const prefixes = new Map<string, number>();
  const samples: ReportRow[] = [];
  let failed = 0;
  let retryable = 0;
  let characters = 0;

  return {
    isFull: () => failed >= limits.rows || characters >= limits.characters,
    add(row) {
      failed++;
      characters += row.key.length + row.message.length;
      if (isRetryable(row.errorCode, row.httpStatus)) retryable++;
      const code = `${row.httpStatus} ${row.errorCode}`;
      if (!codes.has(code) && samples.length < SAMPLES)
        samples.push({ ...row, message: row.message.slice(0, MAX_SAMPLE_MESSAGE) });
      count(codes, code, MAX_CODES);
      count(prefixes, prefixOf(row.key), MAX_PREFIXES);
    },
    digest: (isSample) => ({
      failed,
      isSample,
      byCode: mostFrequent(codes).map(codeEntry),
      byPrefix: mostFrequent(prefixes).map(([prefix, n]) => ({ prefix, count: n })),
      samples,
      retryableShare: failed > 0 ? retryable / failed : 0,
    }),
  };
}

/** A digest for callers, with decoded keys. */
export const digestAnswerOf = ({ byPrefix, samples, ...digest }: ReportDigest): Digest => ({
  ...digest,
  byPrefix: byPrefix.map(({ prefix, count }) => ({ prefix: decodedKey(prefix), count })),
  samples: samples.map(failedTaskOf),
});
