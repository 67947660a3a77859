import { KnownError } from '../../core/errors.ts';
import type { Manifest } from '../../core/generated/job-request.mjs';
import type { PlacedReportRow, ReportRow } from '../report/report-rows.ts';

/** What one call can put into a manifest. */
export interface RetryLimits {
  rows: number;
  isOutOfTime(): boolean;
}

/** A manifest that is being made of the failed rows of a report; what it says of itself holds once its lines are read. */
export interface RetryManifest {
  lines: AsyncIterable<string>;
  rows(): number;
  spec(): NonNullable<Manifest['Spec']>;
  /** Codes that were not chosen, with their number of rows. */
  leftOut(): ReadonlyMap<string, number>;
}

const ROWS_AT_ONCE = 1000;
const MAX_CODES = 20;

const quoted = (field: string) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);

function checkRow({ bucket, key, versionId }: ReportRow, hasVersions: boolean): void {
  if (!bucket || !key) throw new KnownError('ReportNotReadable', 'The report has a row without an object.');
  if (versionId && !hasVersions)
    throw new KnownError('ReportNotReadable', 'The report has rows with a version and rows without.');
}

function checkLimits(rows: number, limits: RetryLimits): void {
  if (rows > limits.rows)
    throw new KnownError('TooManyFailures', `More than ${limits.rows} objects are to be run again.`);
  if (limits.isOutOfTime())
    throw new KnownError('TooManyFailures', `The time of a call was over after ${rows} objects.`);
}

/**
 * The chosen rows as a CSV manifest in the encoding that they have: S3 tells keys as the first manifest had them.
 * Versions are those of the first manifest, all or none; `columns` are its own when it is known to have some.
 */
export function retryManifest(
  failed: AsyncIterable<PlacedReportRow>,
  isChosen: (row: ReportRow) => boolean,
  columns: readonly string[] | undefined,
  limits: RetryLimits,
): RetryManifest {
  let rows = 0;
  let hasVersions = columns?.includes('VersionId');
  const leftOut = new Map<string, number>();

  async function* lines(): AsyncGenerator<string> {
    let pending: string[] = [];
    let looks = 0;
    for await (const { row } of failed) {
      if (++looks % ROWS_AT_ONCE === 0) checkLimits(rows, limits);
      if (!isChosen(row)) {
        const code = leftOut.size < MAX_CODES || leftOut.has(row.errorCode) ? row.errorCode : 'others';
        leftOut.set(code, (leftOut.get(code) ?? 0) + 1);
        continue;
      }
      hasVersions ??= row.versionId !== '';
      checkRow(row, hasVersions);
      rows++;
      const fields = [row.bucket, row.key, ...(hasVersions ? [row.versionId] : [])];
      pending.push(fields.map(quoted).join(','), '\n');
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

/** Why a manifest is empty: the codes that were left out. */
export function nothingChosen({ leftOut }: RetryManifest): KnownError {
  const codes = [...leftOut()].map(([code, count]) => `${code || 'no code'} (${count})`).join(', ');
  return new KnownError(
    'NothingToRetry',
    codes ? `No failed task has a code that is to be run again; they have ${codes}.` : 'No task has failed.',
  );
}
