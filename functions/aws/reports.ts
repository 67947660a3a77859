import { isKnownError, KnownError } from '../core/errors.ts';
import { createRowReader } from '../domain/report/csv-rows.ts';
import { createDigest, type ReportDigest } from '../domain/report/report-digest.ts';
import { type ResultFile, resultFilesOf } from '../domain/report/report-manifest.ts';
import {
  type PositionedReportRow,
  type ReportRow,
  type RowPosition,
  reportRowOf,
} from '../domain/report/report-rows.ts';
import { badQuery } from '../domain/request/query.ts';
import { download, wholeText } from './download.ts';

/** Where a completion report is. */
export interface ReportLocation {
  bucket: string;
  /** Of its manifest.json. */
  manifestKey: string;
}

/** S3 ends a job shortly before it writes the report. */
const SOON_SECONDS = 15;

/** Streams an object as text from a byte offset. Each character is one byte, so offsets are exact. */
async function* latin1Of(Bucket: string, Key: string, from = 0): AsyncGenerator<string> {
  const chunks = download({ Bucket, Key, ...(from > 0 && { Range: `bytes=${from}-` }) });
  for await (const chunk of chunks) yield Buffer.from(chunk).toString('latin1');
}

/** The text of bytes that were read as one character each. */
export const asUtf8 = (latin1: string) =>
  /[\x80-\xff]/.test(latin1) ? Buffer.from(latin1, 'latin1').toString() : latin1;

/** The files of rows in the report's manifest. Throws ReportNotReady until S3 has written it. */
async function resultFiles(report: ReportLocation): Promise<ResultFile[]> {
  try {
    return resultFilesOf(await wholeText({ Bucket: report.bucket, Key: report.manifestKey }), report);
  } catch (error) {
    if (!isKnownError(error, 'RequestRefused') || !/^NoSuchKey\b/.test(error.message)) throw error;
    throw new KnownError('ReportNotReady', `${report.manifestKey} does not exist yet`, {
      retryAfterSeconds: SOON_SECONDS,
      cause: error,
    });
  }
}

const noSuchRow = () =>
  badQuery('pageToken', 'is not valid for this report; omit it to start at the first page');

/** The rows of one file from a byte offset, which must be the start of a row. */
async function* rowsOf({ Bucket, Key }: ResultFile, { file, offset }: RowPosition) {
  const reader = createRowReader(offset);
  const withPosition = ({ fields, start }: ReturnType<typeof reader.end>[number]): PositionedReportRow => ({
    row: reportRowOf(fields.map(asUtf8)),
    at: { file, offset: start },
  });
  let isAtRow = offset === 0;
  // The byte before the offset shows whether a row starts there.
  for await (const text of latin1Of(Bucket, Key, Math.max(0, offset - 1))) {
    if (!isAtRow && text[0] !== '\n') throw noSuchRow();
    for (const row of reader.read(isAtRow ? text : text.slice(1))) yield withPosition(row);
    isAtRow = true;
  }
  for (const row of reader.end()) yield withPosition(row);
}

/** Which rows of a report to read. */
export interface WantedRows {
  /** Undefined for all. */
  status?: ReportRow['status'] | undefined;
  /** The position of a row; by default the first one. */
  from?: RowPosition;
}

async function* rowsFrom(
  report: ReportLocation,
  { status, from = { file: 0, offset: 0 } }: WantedRows,
): AsyncGenerator<PositionedReportRow> {
  const files = await resultFiles(report);
  if (from.file > 0 && from.file >= files.length) throw noSuchRow();
  for (const [file, result] of files.entries())
    if (file >= from.file && (status ?? result.status) === result.status)
      yield* rowsOf(result, { file, offset: file === from.file ? from.offset : 0 });
}

/**
 * The rows of a completion report, file by file, each with its position. Throws ReportNotReady until S3 has written it,
 * ReportNotReadable if it is malformed or access is denied, and InvalidQuery if there is no row at `from`.
 */
export async function* reportRows(
  report: ReportLocation,
  wanted: WantedRows,
): AsyncGenerator<PositionedReportRow> {
  try {
    yield* rowsFrom(report, wanted);
  } catch (error) {
    if (isKnownError(error, 'RequestRefused') && /^InvalidRange\b/.test(error.message)) throw noSuchRow();
    if (!isKnownError(error, 'RequestRefused') && !(error instanceof SyntaxError)) throw error;
    throw new KnownError('ReportNotReadable', error.message, { cause: error });
  }
}

/** The digest of a completion report, read up to its limits. Throws as reportRows does. */
export async function readDigest(report: ReportLocation): Promise<ReportDigest> {
  const digest = createDigest();
  for await (const { row } of reportRows(report, { status: 'failed' })) {
    if (digest.isFull()) return digest.digest(true);
    digest.add(row);
  }
  return digest.digest(false);
}
