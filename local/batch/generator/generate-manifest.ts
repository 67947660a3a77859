import type { S3JobManifestGenerator } from '@aws-sdk/client-s3-control';
import { AwsError } from '../../core/aws-error.ts';
import { bucketOfArn } from '../arn.ts';
import type { GeneratedList } from '../job-record.ts';
import { createLoopTurns } from '../loop-turns.ts';
import { ManifestFault } from '../manifest/manifest-fault.ts';
import type { ListedObject, ObjectStore } from '../object-store.ts';
import { FAILURE_CODES } from '../unconfirmed.ts';
import { createFilter } from './filter.ts';
import type { GeneratedRows } from './generated-rows.ts';

export interface GeneratorTools {
  objects: ObjectStore;
  rows: GeneratedRows;
  /** Aborted when the list is no longer needed; the returned list is then incomplete. */
  signal: AbortSignal;
}

/**
 * Lists the source bucket and stores the objects that pass the filter for the job. Throws ManifestFault when the bucket
 * cannot be listed or no object passes.
 */
export async function generateManifest(
  jobId: string,
  generator: S3JobManifestGenerator,
  { objects, rows, signal }: GeneratorTools,
): Promise<GeneratedList> {
  const bucket = bucketOfArn(generator.SourceBucket);
  const matches = createFilter(generator.Filter);
  const list: GeneratedList = { fields: ['Bucket', 'Key'], pieces: 0 };
  const yieldToLoop = createLoopTurns();
  for await (const page of listPages(objects, bucket, generator)) {
    const matching = page.filter(matches);
    if (matching.length > 0) {
      if (matching[0]?.versionId !== undefined) list.fields = ['Bucket', 'Key', 'VersionId'];
      rows.add(jobId, list.pieces++, matching.map((object) => toRow(bucket, object, list.fields)).join(''));
    }
    await yieldToLoop();
    if (signal.aborted) return list;
  }
  if (list.pieces === 0) throw new ManifestFault(FAILURE_CODES.generator, NOTHING_FOUND);
  return list;
}

const NOTHING_FOUND = 'Manifest generation found no keys matching the filter criteria.';

async function* listPages(objects: ObjectStore, bucket: string, { Filter }: S3JobManifestGenerator) {
  const prefix = Filter?.KeyNameConstraint?.MatchAnyPrefix?.[0] ?? '';
  let after: string | undefined;
  try {
    do {
      const page: ListedObject[] = await objects.listObjects(bucket, {
        prefix,
        ...(after !== undefined && { after }),
      });
      yield page;
      after = page.at(-1)?.key;
    } while (after !== undefined);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new ManifestFault(FAILURE_CODES.generator, `The source bucket could not be listed: ${error.code}`);
  }
}

/** Quoted as in inventory reports; an encoded key has no quotes. */
function toRow(bucket: string, { key, versionId = 'null' }: ListedObject, fields: readonly string[]): string {
  const row = `"${bucket}","${encodeURIComponent(key).replaceAll('%2F', '/')}"`;
  return fields.length === 2 ? `${row}\n` : `${row},"${versionId}"\n`;
}
