import { KnownError } from '../../core/errors.ts';
import type { Manifest } from '../../core/generated/job-request.mjs';
import { csvCell } from '../report/csv-text.ts';
import type { PositionedReportRow, ReportRow } from '../report/report-rows.ts';

/** The limits of one call. */
export interface RetryLimits {
  rows: number;
  /** Whether jobs may touch objects of the bucket. */
  isDataBucket(bucket: string): boolean;
  isOutOfTime(): boolean;
}

/** A manifest made of failed rows of a report. Its other members are valid after its lines were read. */
export interface RetryManifest {
  lines: AsyncIterable<string>;
  rows(): number;
  spec(): NonNullable<Manifest['Spec']>;
  /** Codes that were not chosen, with their number of rows. */
  leftOut(): ReadonlyMap<string, number>;
}

const ROWS_AT_ONCE = 1000;
/** Time is checked after this many characters too, because rows can be long. */
const CHARACTERS_AT_ONCE = 8 * 1024 * 1024;
const MAX_CODES = 20;

/** Whoever can write to the report's bucket can change its rows, so each is checked. */
function checkRow(
  { bucket, key, versionId }: ReportRow,
  hasVersions: boolean,
  { isDataBucket }: RetryLimits,
): void {
  if (!bucket || !key)
    throw new KnownError('ReportNotReadable', 'A row of the report has no bucket or no key.');
  if (!isDataBucket(bucket))
    throw new KnownError(
      'NotAllowed',
      `The report names objects in the bucket ${bucket}, which this deployment does not list; nothing was started.`,
    );
  if (versionId && !hasVersions)
    throw new KnownError('ReportNotReadable', 'Only some rows of the report have a version id.');
}

function checkLimits(rows: number, limits: RetryLimits): void {
  if (rows > limits.rows)
    throw new KnownError('TooManyFailures', `More than ${limits.rows} failed tasks are chosen.`);
  if (limits.isOutOfTime())
    throw new KnownError('TooManyFailures', `The call ran out of time after ${rows} failed tasks.`);
}

/**
 * The chosen rows as a CSV manifest. Keys are not encoded again, because the report has them as in the first manifest.
 * All rows have a version or none has; `columns` are those of the first manifest, if known.
 */
export function retryManifest(
  failed: AsyncIterable<PositionedReportRow>,
  isChosen: (row: ReportRow) => boolean,
  columns: readonly string[] | undefined,
  limits: RetryLimits,
): RetryManifest {
  let rows = 0;
  let hasVersions = columns?.includes('VersionId');
  const leftOut = new Map<string, number>();

  async function* lines(): AsyncGenerator<string> {
    let pending: string[] = [];
    let read = 0;
    let characters = 0;
    for await (const { row } of failed) {
      characters += row.key.length + row.message.length;
      if (++read % ROWS_AT_ONCE === 0 || characters >= CHARACTERS_AT_ONCE) {
        checkLimits(rows, limits);
        characters = 0;
      }
      if (!isChosen(row)) {
        const code = leftOut.size < MAX_CODES || leftOut.has(row.errorCode) ? row.errorCode : 'others';
        leftOut.set(code, (leftOut.get(code) ?? 0) + 1);
        continue;
      }
      hasVersions ??= row.versionId !== '';
      checkRow(row, hasVersions, limits);
      rows++;
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
    spec: () => ({
      Format: 'S3BatchOperations_CSV_20180820',
      Fields: ['Bucket', 'Key', ...(hasVersions ? ['VersionId' as const] : [])],
    }),
    leftOut: () => leftOut,
  };
}

/** The error for an empty manifest, with the codes that were left out. */
export function nothingChosen({ leftOut }: RetryManifest): KnownError {
  const codes = [...leftOut()].map(([code, count]) => `${code || 'no code'} (${count})`).join(', ');
  return new KnownError(
    'NothingToRetry',
    codes
      ? `No failed task has one of the chosen codes. The failed tasks have: ${codes}.`
      : 'No task has failed.',
  );
}
