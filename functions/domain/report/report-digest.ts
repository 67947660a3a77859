import type { Digest } from '../../core/generated/report.mjs';
import { isRetryableStatus, retryableErrors } from '../../core/retryable-errors.ts';
import { decodedKey, failedTaskOf, type ReportRow } from './report-rows.ts';

/** What the failed rows of a completion report come to. */
export interface ReportDigest {
  /** Failed rows that were read. */
  failed: number;
  /** The report has more failed rows than were read: the numbers are those of its first part. */
  isSample: boolean;
  /** Most frequent first, at most 20. */
  byCode: { errorCode: string; httpStatus: number; count: number; isMendable: boolean }[];
  /** By the first folders of the keys, most frequent first, at most 20. */
  byPrefix: { prefix: string; count: number }[];
  /** The first row of each code, at most 10. Keys as the manifest had them. */
  samples: ReportRow[];
  /** From 0 to 1: the failed rows that the same job, run again, is likely to mend. */
  mendableShare: number;
}

/** No more than so many rows, or characters in them, are read: some seconds, whatever the report's size. */
const LIMITS = { rows: 250_000, characters: 64_000_000 };
const MAX_CODES = 200;
const MAX_PREFIXES = 5000;
const LISTED = 20;
const SAMPLES = 10;
const MAX_SAMPLE_MESSAGE = 300;

/** The code that a report has for a LambdaInvoke task whose function answered so. */
const TEMPORARY_FAILURE = 'TemporaryFailure';

/** Replication says 500 of what is wrong with an object, its buckets or their rules. */
const OF_REPLICATION = /^(Src|Dst|AssumeRole|InitiateReplication)/;

/** Whether the same task can succeed later. */
export const isMendable = (errorCode: string, httpStatus: number): boolean =>
  retryableErrors.has(errorCode) ||
  errorCode === TEMPORARY_FAILURE ||
  (isRetryableStatus(httpStatus) && !OF_REPLICATION.test(errorCode));

/** Folders tell more than keys: up to two of them, or nothing for a key at the top. */
const prefixOf = (key: string) => /^([^/]*\/){1,2}/.exec(key)?.[0] ?? '';

/** Adds to a map that must not grow without end: what comes late and rare is counted as "other". */
function count(counts: Map<string, number>, name: string, limit: number): void {
  const at = counts.has(name) || counts.size < limit ? name : '(other)';
  counts.set(at, (counts.get(at) ?? 0) + 1);
}

const mostFrequent = (counts: Map<string, number>) =>
  [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, LISTED);

function codeEntry([name, count]: [string, number]): ReportDigest['byCode'][number] {
  const [, http = '0', errorCode = name] = /^(\d+) (.*)$/.exec(name) ?? [];
  return { errorCode, httpStatus: Number(http), count, isMendable: isMendable(errorCode, Number(http)) };
}

/** Takes failed rows one by one, in memory that does not grow with their number. */
export function createDigest(limits = LIMITS): {
  add(row: ReportRow): void;
  isFull(): boolean;
  digest(isSample: boolean): ReportDigest;
} {
  const codes = new Map<string, number>();
  const prefixes = new Map<string, number>();
  const samples: ReportRow[] = [];
  let failed = 0;
  let mendable = 0;
  let characters = 0;

  return {
    isFull: () => failed >= limits.rows || characters >= limits.characters,
    add(row) {
      failed++;
      characters += row.key.length + row.message.length;
      if (isMendable(row.errorCode, row.httpStatus)) mendable++;
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
      mendableShare: failed > 0 ? mendable / failed : 0,
    }),
  };
}

/** A digest as callers see it: with decoded keys. */
export const digestAnswerOf = ({ byPrefix, samples, ...digest }: ReportDigest): Digest => ({
  ...digest,
  byPrefix: byPrefix.map(({ prefix, count }) => ({ prefix: decodedKey(prefix), count })),
  samples: samples.map(failedTaskOf),
});
