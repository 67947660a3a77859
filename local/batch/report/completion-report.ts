import { createHash } from 'node:crypto';
import type { JobReport } from '@aws-sdk/client-s3-control';
import { bucketOfArn } from '../arn.ts';
import type { JobRecord } from '../job-record.ts';
import { createLoopTurns } from '../loop-turns.ts';
import type { ObjectStore } from '../object-store.ts';
import type { ReportPart, ResultStore } from '../result-store.ts';
import { joinPrefix } from '../unconfirmed.ts';

/** As S3 declares it. The rows have the two codes in the other order. */
const REPORT_SCHEMA = 'Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage';

interface ResultFile {
  TaskExecutionStatus: ReportPart;
  Bucket: string;
  MD5Checksum: string;
  Key: string;
}

export interface ReportSource {
  objects: ObjectStore;
  results: ResultStore;
  nowMs: number;
}

/** Writes result files, manifest.json and its MD5 to the report's bucket. A repeated call writes the same names. */
export async function writeCompletionReport(job: JobRecord, source: ReportSource): Promise<void> {
  const report = job.request.Report as JobReport;
  const bucket = bucketOfArn(report.Bucket);
  const folder = joinPrefix(report.Prefix, `job-${job.jobId}`);
  const files: ResultFile[] = [];
  for (const part of ['succeeded', 'failed'] as const) {
    const file = await writeResults(job, part, { bucket, folder, ...source });
    if (file) files.push(file);
  }
  const manifest = JSON.stringify({
    Format: report.Format,
    ReportCreationDate: new Date(source.nowMs).toISOString(),
    Results: files,
    ReportSchema: REPORT_SCHEMA,
  });
  const put = (name: string, text: string, contentType: string) =>
    source.objects.putObject({ bucket, key: `${folder}/${name}` }, Buffer.from(text), { contentType });
  await put('manifest.json', manifest, 'application/json');
  await put('manifest.json.md5', createHash('md5').update(manifest).digest('hex'), 'text/plain');
}

interface ReportLocation extends ReportSource {
  bucket: string;
  folder: string;
}

async function writeResults(
  { jobId }: JobRecord,
  part: ReportPart,
  { bucket, folder, objects, results }: ReportLocation,
): Promise<ResultFile | undefined> {
  const lines = results.lines(jobId, part);
  const first = lines.next();
  if (first.done) return undefined;
  const key = `${folder}/results/${sha1(`${jobId}/${part}`)}.csv`;
  const md5 = createHash('md5');
  const yieldToLoop = createLoopTurns();
  async function* bytes() {
    for (let next: IteratorResult<string, void> = first; !next.done; next = lines.next()) {
      const chunk = Buffer.from(next.value);
      md5.update(chunk);
      yield chunk;
      await yieldToLoop();
    }
  }
  await objects.putObject({ bucket, key }, bytes(), { contentType: 'text/csv' });
  return { TaskExecutionStatus: part, Bucket: bucket, MD5Checksum: md5.digest('hex'), Key: key };
}

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');
