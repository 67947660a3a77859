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

async function openObject(bucket: string, key: string): Promise<Readable> {
  const { Body } = await callAws(() => s3Client().send(new GetObjectCommand({ Bucket: bucket, Key: key })));
  return Body as Readable;
}

/** The report's manifest. Throws ReportNotReady while S3 has not written it, RequestRefused when it may not be read. */
async function readManifest(bucket: string, key: string): Promise<ReportManifest> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of await openObject(bucket, key)) chunks.push(chunk as Buffer);
    return JSON.parse(Buffer.concat(chunks).toString()) as ReportManifest;
  } catch (error) {
    if (isKnownError(error, 'RequestRefused') && /^NoSuchKey\b/.test(error.message))
      throw new KnownError('ReportNotReady', `${key} is not there yet`, { cause: error });
    throw error;
  }
}

/** The failed rows of a completion report, one file after the other; whoever stops reading stops the download. */
export async function* failedRows(bucket: string, manifestKey: string): AsyncGenerator<ReportRow> {
  const { Results = [] } = await readManifest(bucket, manifestKey);
  for (const file of Results.filter(({ TaskExecutionStatus }) => TaskExecutionStatus === 'failed')) {
    const reader = createRowReader();
    const body = await openObject(file.Bucket, file.Key);
    body.setEncoding('utf8');
    for await (const text of body) for (const row of reader.read(text as string)) yield reportRowOf(row);
    for (const row of reader.end()) yield reportRowOf(row);
  }
}
