import type { Task, TaskOutcome } from '../task.ts';
import { REPORT_LINE_END } from '../unconfirmed.ts';

/**
 * One row of a result file. The report's own schema names ErrorCode before HTTPStatusCode; S3 writes them in the other
 * order. The key is as the manifest has it.
 */
export const reportLine = (
  { bucket, rawKey, versionId = '' }: Task,
  { succeeded, httpStatus, errorCode, message }: TaskOutcome,
): string =>
  `${quoted(bucket)},${quoted(rawKey)},${quoted(versionId)},${succeeded ? 'succeeded' : 'failed'},${httpStatus},${quoted(errorCode)},${quoted(message)}${REPORT_LINE_END}`;

const NEEDS_QUOTES = /[",\r\n]/;

const quoted = (field: string): string =>
  NEEDS_QUOTES.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
