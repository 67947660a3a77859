import type { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { isKnownError, KnownError } from '../core/errors.ts';
import { createRowReader } from '../domain/report/csv-rows.ts';
import { createDigest, type ReportDigest } from '../domain/report/report-digest.ts';
import { type PlacedReportRow, type RowPlace, reportRowOf } from '../domain/report/report-rows.ts';
import { badQuery } from '../domain/request/query.ts';
import { s3Client } from './clients.ts';
import { callAws } from './known-errors.ts';

/** Where a completion report is. */
export interface ReportPlace {
  bucket: string;
  /** Of its manifest.json. */
  manifestKey: string;
}

interface ResultFile {
  TaskExecutionStatus: string;
  Bucket: string;
  Key: string;
}

/** S3 says that a job has ended a little before it has written the report. */
const SOON_SECONDS = 15;

/**
 * The text of an object from a byte on, in pieces as they come, each character one byte: so offsets are exact. Whoever
 * stops reading stops the download.
 */
async function* latin1Of(bucket: string, key: string, from = 0): AsyncGenerator<string> {
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ...(from > 0 && { Range: `bytes=${from}-` }),
  });
  const { Body } = await callAws(() => s3Client().send(command));
  try {
    for await (const bytes of Body as Readable) yield (bytes as Buffer).toString('latin1');
  } catch (error) {
    throw new KnownError('AwsUnavailable', `reading ${key} broke off`, { cause: error });
  }
}

const asUtf8 = (latin1: string) =>
  /[\x80-\xff]/.test(latin1) ? Buffer.from(latin1, 'latin1').toString() : latin1;

/** The files of failed rows that the report's manifest names. Throws ReportNotReady while S3 has not written it. */
async function failedFiles({ bucket, manifestKey }: ReportPlace): Promise<ResultFile[]> {
  try {
    const text = (await Array.fromAsync(latin1Of(bucket, manifestKey))).join('');
    const { Results = [] } = JSON.parse(asUtf8(text)) as { Results?: ResultFile[] };
    const files = Results.filter(({ TaskExecutionStatus }) => TaskExecutionStatus === 'failed');
    // Whoever may write to the report's bucket could name the files of somebody else, which we may read.
    const folder = manifestKey.slice(0, manifestKey.lastIndexOf('/') + 1);
    if (files.every((file) => file.Bucket === bucket && file.Key.startsWith(folder))) return files;
  } catch (error) {
    if (!isKnownError(error, 'RequestRefused') || !/^NoSuchKey\b/.test(error.message)) throw error;
    throw new KnownError('ReportNotReady', `${manifestKey} is not there yet`, {
      retryAfterSeconds: SOON_SECONDS,
      cause: error,
    });
  }
  throw new SyntaxError(`${manifestKey} names files outside of the report`);
}

const noSuchPlace = () => badQuery('pageToken', 'is no place in this report; leave it out to start anew');

/** The rows of one file from a byte on, which must be the first one of a row. */
async function* rowsOf({ Bucket, Key }: ResultFile, { file, offset }: RowPlace) {
  const reader = createRowReader(offset);
  const placed = ({ fields, start }: ReturnType<typeof reader.end>[number]): PlacedReportRow => ({
    row: reportRowOf(fields.map(asUtf8)),
    at: { file, offset: start },
  });
  let isAtRow = offset === 0;
  // One byte more shows whether a line ends there.
  for await (const text of latin1Of(Bucket, Key, Math.max(0, offset - 1))) {
    if (!isAtRow && text[0] !== '\n') throw noSuchPlace();
    for (const row of reader.read(isAtRow ? text : text.slice(1))) yield placed(row);
    isAtRow = true;
  }
  for (const row of reader.end()) yield placed(row);
}

async function* rowsFrom(report: ReportPlace, from: RowPlace): AsyncGenerator<PlacedReportRow> {
  const files = await failedFiles(report);
  if (from.file > 0 && from.file >= files.length) throw noSuchPlace();
  for (const [file, result] of files.entries())
    if (file >= from.file) yield* rowsOf(result, { file, offset: file === from.file ? from.offset : 0 });
}

/**
 * The failed rows of a completion report, one file after the other, each with its place; `from` is the place of a row.
 * Throws ReportNotReady while S3 has not written it, ReportNotReadable when it is something else or may not be read,
 * InvalidQuery when there is no such place.
 */
export async function* failedRows(
  report: ReportPlace,
  from: RowPlace = { file: 0, offset: 0 },
): AsyncGenerator<PlacedReportRow> {
  try {
    yield* rowsFrom(report, from);
  } catch (error) {
    if (isKnownError(error, 'RequestRefused') && /^InvalidRange\b/.test(error.message)) throw noSuchPlace();
    if (!isKnownError(error, 'RequestRefused') && !(error instanceof SyntaxError)) throw error;
    throw new KnownError('ReportNotReadable', error.message, { cause: error });
  }
}

/** The digest of a completion report, read up to a bound. Throws as failedRows does. */
export async function readDigest(report: ReportPlace): Promise<ReportDigest> {
  const digest = createDigest();
  for await (const { row } of failedRows(report)) {
    if (digest.isFull()) return digest.digest(true);
    digest.add(row);
  }
  return digest.digest(false);
}
