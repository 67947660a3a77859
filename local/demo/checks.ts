import type { JobResource } from './job-api.ts';
import type { ReportRow } from './report.ts';

/** The job, its report and its notices. */
export interface Trace {
  title: string;
  job: JobResource;
  rows: readonly ReportRow[];
  /** Kinds of its notices, in the order of their arrival. */
  notices: readonly string[];
}

export interface Evidence {
  /** SHA-256 of each file by key. */
  checksums: ReadonlyMap<string, string>;
  corrupted: ReadonlySet<string>;
  tag: Trace;
  verify: Trace;
  untag: Trace;
  /** Objects with the tags after the first job, and without tags after the last job. */
  taggedBefore: number;
  untaggedAfter: number;
}

export interface Check {
  claim: string;
  holds: boolean;
}

/** What must be true after the demo, and whether it is true. */
export function checksOf(evidence: Evidence): Check[] {
  const { checksums, corrupted, tag, verify, untag, taggedBefore, untaggedAfter } = evidence;
  const all = checksums.size;
  const good = all - corrupted.size;
  return [
    { claim: `all ${all} objects had the tags`, holds: taggedBefore === all },
    {
      claim: 'the job that deletes the tags waited for its confirmation',
      holds: untag.notices[0] === 'needs-confirmation',
    },
    { claim: 'no object has a tag after that job', holds: untaggedAfter === all },
    { claim: 'exactly the corrupted objects failed the checksum', holds: foundExactly(corrupted, verify) },
    { claim: 'the report has the correct SHA-256 of every other object', holds: hashesAreRight(evidence) },
    ...[tag, verify, untag].flatMap((trace) => {
      const failed = trace === verify ? corrupted.size : 0;
      const outcome = failed === 0 ? 'Succeeded' : 'CompletedWithFailures';
      return [
        { claim: `${trace.title}: one report row for each object`, holds: hasRowForEach(checksums, trace) },
        {
          claim: `${trace.title}: job and report have ${all - failed} succeeded and ${failed} failed tasks`,
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

const foundExactly = (corrupted: ReadonlySet<string>, { rows }: Trace) =>
  isSameSet(new Set(failedRows(rows).map(({ key }) => key)), corrupted);

function hashesAreRight({ verify, checksums, corrupted }: Evidence): boolean {
  return verify.rows
    .filter(({ key }) => !corrupted.has(key))
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
