import type { JobResource } from './job-api.ts';
import type { ReportRow } from './report.ts';

/** What a job left behind. */
export interface Trace {
  title: string;
  job: JobResource;
  rows: readonly ReportRow[];
  /** Kinds of the notices about it, in the order in which they came. */
  notices: readonly string[];
}

export interface Evidence {
  /** SHA-256 of each file by key. */
  checksums: ReadonlyMap<string, string>;
  spoiled: ReadonlySet<string>;
  tag: Trace;
  verify: Trace;
  untag: Trace;
  /** Objects that carried the tags after the first job, and after the last one was confirmed and done. */
  taggedBefore: number;
  untaggedAfter: number;
}

export interface Check {
  claim: string;
  holds: boolean;
}

/** What must be true after the demo, and whether it is. */
export function checksOf(evidence: Evidence): Check[] {
  const { checksums, spoiled, tag, verify, untag, taggedBefore, untaggedAfter } = evidence;
  const all = checksums.size;
  const good = all - spoiled.size;
  return [
    { claim: `all ${all} objects carried the tags`, holds: taggedBefore === all },
    { claim: 'deleting them waited for the confirmation', holds: untag.notices[0] === 'needs-confirmation' },
    { claim: 'after it no object carries a tag', holds: untaggedAfter === all },
    { claim: 'the checksums found exactly the spoiled objects', holds: foundExactly(spoiled, verify) },
    { claim: 'the report has the right SHA-256 of every other object', holds: hashesAreRight(evidence) },
    ...[tag, verify, untag].flatMap((trace) => {
      const failed = trace === verify ? spoiled.size : 0;
      const outcome = failed === 0 ? 'Succeeded' : 'CompletedWithFailures';
      return [
        { claim: `${trace.title}: one report row for each object`, holds: hasRowForEach(checksums, trace) },
        {
          claim: `${trace.title}: job and report agree on ${all - failed} done and ${failed} failed`,
          holds: countsAgree(trace, { total: all, succeeded: failed === 0 ? all : good, failed }),
        },
        {
          claim: `${trace.title}: ended as ${outcome}, with one final notice`,
          holds:
            trace.job.outcome === outcome && trace.notices.filter((kind) => kind === 'final').length === 1,
        },
      ];
    }),
  ];
}

const failedRows = (rows: readonly ReportRow[]) => rows.filter(({ status }) => status === 'failed');

const foundExactly = (spoiled: ReadonlySet<string>, { rows }: Trace) =>
  isSameSet(new Set(failedRows(rows).map(({ key }) => key)), spoiled);

function hashesAreRight({ verify, checksums, spoiled }: Evidence): boolean {
  return verify.rows
    .filter(({ key }) => !spoiled.has(key))
    .every(({ key, message }) => message.includes(checksums.get(key) ?? 'no such key'));
}

const hasRowForEach = (checksums: ReadonlyMap<string, string>, { rows }: Trace) =>
  rows.length === checksums.size && isSameSet(new Set(rows.map(({ key }) => key)), new Set(checksums.keys()));

function countsAgree({ job, rows }: Trace, expected: { total: number; succeeded: number; failed: number }) {
  const failed = failedRows(rows).length;
  return [job.progress, { total: rows.length, succeeded: rows.length - failed, failed }].every(
    (counts) =>
      counts?.total === expected.total &&
      counts.succeeded === expected.succeeded &&
      counts.failed === expected.failed,
  );
}

const isSameSet = <T>(a: ReadonlySet<T>, b: ReadonlySet<T>) =>
  a.size === b.size && [...a].every((member) => b.has(member));
