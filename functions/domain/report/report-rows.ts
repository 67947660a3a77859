import type { FailedTask } from '../../core/generated/report.mjs';

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

/** Where a row starts: in which of the report's files of failed rows, and at which byte of it. */
export interface RowPlace {
  file: number;
  offset: number;
}

export interface PlacedReportRow {
  row: ReportRow;
  at: RowPlace;
}

/** A function that failed may have put anything into its message; a page of an answer has to end some time. */
const MAX_MESSAGE = 64 * 1024;

/** Form-style, as S3 Batch Operations does; what cannot be decoded stays as it is. */
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

/**
 * The fields of a row by their meaning. S3 declares ErrorCode before HTTPStatusCode and writes them the other way
 * round: the one that is all digits is the status.
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
  const [code, http] = /^\d+$/.test(a) ? [b, a] : [a, b];
  return {
    bucket,
    key,
    versionId,
    status: status === 'succeeded' ? 'succeeded' : 'failed',
    errorCode: code,
    httpStatus: Number(http) || 0,
    message: message.join(','),
  };
}
