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
