import type { S3JobManifestGenerator } from '@aws-sdk/client-s3-control';
import { AwsError } from '../../core/aws-error.ts';
import { bucketOfArn } from '../arn.ts';
import { createBreather } from '../engine/slice.ts';
import { ManifestFault } from '../manifest/manifest-fault.ts';
import type { ListedObject, ObjectStore } from '../object-store.ts';
import { FAILURE_CODES } from '../unconfirmed.ts';
import { createFilter } from './filter.ts';
import type { GeneratedRows } from './generated-rows.ts';

/** What is known of a generated list beside its rows. */
export interface GeneratedList {
  /** Columns of the rows; VersionId only where the bucket has versions. */
  fields: string[];
  pieces: number;
}

export interface GeneratorTools {
  objects: ObjectStore;
  rows: GeneratedRows;
  /** Aborted when the list is no longer wanted; what is returned then is only a part of it. */
  signal: AbortSignal;
}

/**
 * Lists the source bucket, keeps what passes the filter and writes it down for the job. Throws ManifestFault when
 * the bucket cannot be listed or nothing passes.
 */
export async function generateManifest(
  jobId: string,
  generator: S3JobManifestGenerator,
  { objects, rows, signal }: GeneratorTools,
): Promise<GeneratedList> {
  const bucket = bucketOfArn(generator.SourceBucket ?? '');
  const matches = createFilter(generator.Filter);
  const list: GeneratedList = { fields: ['Bucket', 'Key'], pieces: 0 };
  const breathe = createBreather();
  for await (const page of listPages(objects, bucket, generator)) {
    const matching = page.filter(matches);
    if (matching.length > 0) {
      if (matching[0]?.versionId !== undefined) list.fields = ['Bucket', 'Key', 'VersionId'];
      rows.add(jobId, list.pieces++, matching.map((object) => toRow(bucket, object, list.fields)).join(''));
    }
    await breathe();
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

/** Quoted as inventory reports are; encoding leaves no quotes in a key. */
function toRow(bucket: string, { key, versionId = 'null' }: ListedObject, fields: readonly string[]): string {
  const row = `"${bucket}","${encodeURIComponent(key).replaceAll('%2F', '/')}"`;
  return fields.length === 2 ? `${row}\n` : `${row},"${versionId}"\n`;
}
