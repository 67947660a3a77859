import type { FailedTask } from '../../core/generated/report.mjs';
import type { TaskResult } from '../../core/generated/results.mjs';

/** A row of a completion report. */
export interface ReportRow {
  bucket: string;
  /** URL-encoded, as the manifest had it. */
  key: string;
  versionId: string;
  status: 'succeeded' | 'failed';
  errorCode: string;
  httpStatus: number;
  message: string;
}

/** The start of a row: the index of the file among the files of the report, and the byte in this file. */
export interface RowPosition {
  file: number;
  offset: number;
}

export interface PositionedReportRow {
  row: ReportRow;
  at: RowPosition;
}

/**
 * S3 writes no longer cells. Whoever can write to the report bucket can, and the cells go into answers and records of
 * limited size. A key is written with at most three characters for each of its 1,024 bytes.
 */
const MAX_CELL = { bucket: 255, key: 3072, versionId: 1024, errorCode: 256, httpStatus: 256 };

/** A failed function controls its message; this limit keeps a page of an answer small. */
const MAX_MESSAGE = 64 * 1024;

/** Decodes as S3 Batch Operations does (form encoding); a key that cannot be decoded stays unchanged. */
export function decodedKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}

export const failedTaskOf = (row: ReportRow): FailedTask => ({
  bucket: row.bucket,
  key: decodedKey(row.key),
  versionId: row.versionId || null,
  errorCode: row.errorCode,
  httpStatus: row.httpStatus,
  message: row.message.slice(0, MAX_MESSAGE),
});

export const taskResultOf = (row: ReportRow): TaskResult => {
  const { message, ...task } = failedTaskOf(row);
  return { ...task, status: row.status, result: message };
};

/**
 * The fields of a row by name. S3 declares ErrorCode before HTTPStatusCode but writes them in reverse order, so the
 * field with digits only is the status. Throws SyntaxError for a cell that S3 cannot have written.
 */
export function reportRowOf([
  bucket = '',
  key = '',
  versionId = '',
  status = '',
  a = '',
  b = '',
  ...message
]: string[]): ReportRow {
  const [errorCode, httpStatus] = /^\d+$/.test(a) ? [b, a] : [a, b];
  for (const [name, cell] of Object.entries({ bucket, key, versionId, errorCode, httpStatus }))
    if (cell.length > MAX_CELL[name as keyof typeof MAX_CELL])
      throw new SyntaxError(`a row of the report has a ${name} of ${cell.length} characters`);
  return {
    bucket,
    key,
    versionId,
    status: status === 'succeeded' ? 'succeeded' : 'failed',
    errorCode,
    httpStatus: Number(httpStatus) || 0,
    message: message.join(','),
  };
}
