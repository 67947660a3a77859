import { KnownError } from '../../core/errors.ts';
import type { Manifest } from '../../core/generated/job-request.mjs';
import { csvCell } from '../report/csv-text.ts';
import type { ReportRow } from '../report/report-rows.ts';
import type { Parent } from '../request/create-job-input.ts';

/** A row of a manifest, with the key as it is written there. Only a row of a report has a code and a message. */
export type ManifestLine = Pick<ReportRow, 'bucket' | 'key' | 'versionId'> & Partial<ReportRow>;

/** The limits of one call. */
export interface RowLimits {
  rows: number;
  /** Whether jobs may touch objects of the bucket. */
  isDataBucket(bucket: string): boolean;
  isOutOfTime(): boolean;
}

export type RowCount = Readonly<Record<ReportRow['status'] | 'notRun', number>>;

/** A manifest made of rows of an earlier job. Its other members are valid after its lines were read. */
export interface RowsManifest {
  lines: AsyncIterable<string>;
  rows(): number;
  /** The same by how the tasks ended. */
  count(): RowCount;
  spec(): NonNullable<Manifest['Spec']>;
  /** Error codes of the rows that were not chosen, with their number of rows. */
  leftOut(): ReadonlyMap<string, number>;
}

const ROWS_AT_ONCE = 1000;
/** Time is checked after this many characters too, because rows can be long. */
const CHARACTERS_AT_ONCE = 8 * 1024 * 1024;
const MAX_CODES = 20;

/** Whoever can write to the bucket of the report or the manifest can change its rows, so each is checked. */
function checkRow(
  { bucket, key, versionId }: ManifestLine,
  hasVersions: boolean,
  { isDataBucket }: RowLimits,
): void {
  if (!bucket || !key) throw new KnownError('ReportNotReadable', 'A row has no bucket or no key.');
  if (!isDataBucket(bucket))
    throw new KnownError(
      'NotAllowed',
      `The rows name objects in the bucket ${bucket}, which this deployment does not list; nothing was started.`,
    );
  if (versionId && !hasVersions)
    throw new KnownError('ReportNotReadable', 'Only some rows have a version id.');
}

/** Throws TooManyFailures. */
export function checkLimits(rows: number, limits: RowLimits): void {
  if (rows > limits.rows)
    throw new KnownError('TooManyFailures', `There are more than ${limits.rows} rows (maxRetryObjects).`);
  if (limits.isOutOfTime())
    throw new KnownError('TooManyFailures', `The call ran out of time after ${rows} rows.`);
}

/**
 * The chosen rows as a CSV manifest. Keys are not encoded again, because a report has them as the manifest of its job.
 * All rows have a version or none has; `columns` are those of the first manifest, if known.
 */
export function rowsManifest<Row extends ManifestLine>(
  all: AsyncIterable<{ row: Row }>,
  isChosen: (row: Row) => boolean,
  columns: readonly string[] | undefined,
  limits: RowLimits,
): RowsManifest {
  let rows = 0;
  const count = { succeeded: 0, failed: 0, notRun: 0 };
  let hasVersions = columns?.includes('VersionId');
  const leftOut = new Map<string, number>();

  async function* lines(): AsyncGenerator<string> {
    let pending: string[] = [];
    let read = 0;
    let characters = 0;
    for await (const { row } of all) {
      characters += row.key.length + (row.message?.length ?? 0);
      if (++read % ROWS_AT_ONCE === 0 || characters >= CHARACTERS_AT_ONCE) {
        checkLimits(rows, limits);
        characters = 0;
      }
      if (!isChosen(row)) {
        const { errorCode = '' } = row;
        const code = leftOut.size < MAX_CODES || leftOut.has(errorCode) ? errorCode : 'others';
        leftOut.set(code, (leftOut.get(code) ?? 0) + 1);
        continue;
      }
      hasVersions ??= row.versionId !== '';
      checkRow(row, hasVersions, limits);
      rows++;
      count[row.status ?? 'notRun']++;
      const fields = [row.bucket, row.key, ...(hasVersions ? [row.versionId] : [])];
      pending.push(fields.map(csvCell).join(','), '\n');
      if (pending.length < 2 * ROWS_AT_ONCE) continue;
      yield pending.join('');
      pending = [];
    }
    checkLimits(rows, limits);
    if (pending.length > 0) yield pending.join('');
  }

  return {
    lines: lines(),
    rows: () => rows,
    count: () => count,
    spec: () => ({
      Format: 'S3BatchOperations_CSV_20180820',
      Fields: ['Bucket', 'Key', ...(hasVersions ? ['VersionId' as const] : [])],
    }),
    leftOut: () => leftOut,
  };
}

/** The error for an empty manifest: why no row is chosen. */
export function nothingChosen({ leftOut }: RowsManifest, { rows, results }: Parent): KnownError {
  const codes = [...leftOut()].map(([code, count]) => `${code || 'no code'} (${count})`).join(', ');
  const why = {
    Retry: 'No task qualifies.',
    Succeeded: results ? 'No task has succeeded with one of the chosen results.' : 'No task has succeeded.',
    NotRun: 'Every task has run.',
    Failed: codes
      ? `No failed task has one of the chosen codes. The failed tasks have: ${codes}.`
      : 'No task has failed.',
  };
  return new KnownError('NothingToRetry', why[rows]);
}
