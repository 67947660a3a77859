import type { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { isKnownError, KnownError } from '../core/errors.ts';
import { createRowReader } from '../domain/csv-rows.ts';
import { type ReportRow, reportRowOf } from '../domain/report-rows.ts';
import { s3Client } from './clients.ts';
import { callAws } from './known-errors.ts';

interface ReportManifest {
  Results?: { TaskExecutionStatus: string; Bucket: string; Key: string }[];
}

/** The text of an object, in pieces as they come; whoever stops reading stops the download. */
async function* textOf(bucket: string, key: string): AsyncGenerator<string> {
  const { Body } = await callAws(() => s3Client().send(new GetObjectCommand({ Bucket: bucket, Key: key })));
  const body = (Body as Readable).setEncoding('utf8');
  try {
    for await (const text of body) yield text as string;
  } catch (error) {
    throw new KnownError('AwsUnavailable', `reading ${key} broke off`, { cause: error });
  }
}

/**
 * The report's manifest. Throws ReportNotReady while S3 has not written it, RequestRefused when it may not be read,
 * SyntaxError when it is something else.
 */
async function readManifest(bucket: string, key: string): Promise<ReportManifest> {
  try {
    return JSON.parse((await Array.fromAsync(textOf(bucket, key))).join('')) as ReportManifest;
  } catch (error) {
    if (isKnownError(error, 'RequestRefused') && /^NoSuchKey\b/.test(error.message))
      throw new KnownError('ReportNotReady', `${key} is not there yet`, { cause: error });
    throw error;
  }
}

/** The failed rows of a completion report, one file after the other. */
export async function* failedRows(bucket: string, manifestKey: string): AsyncGenerator<ReportRow> {
  const { Results = [] } = await readManifest(bucket, manifestKey);
  for (const file of Results.filter(({ TaskExecutionStatus }) => TaskExecutionStatus === 'failed')) {
    const reader = createRowReader();
    for await (const text of textOf(file.Bucket, file.Key))
      for (const row of reader.read(text)) yield reportRowOf(row);
    for (const row of reader.end()) yield reportRowOf(row);
  }
}
