import { createHash, type Hash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { S3GeneratedManifestDescriptor, S3JobManifestGenerator } from '@aws-sdk/client-s3-control';
import { AwsError } from '../../core/aws-error.ts';
import { bucketOfArn } from '../arn.ts';
import type { GeneratedList, JobRecord } from '../job-record.ts';
import { ManifestFault } from '../manifest/manifest-fault.ts';
import type { ObjectFacts, ObjectStore, PutOptions } from '../object-store.ts';
import { FAILURE_CODES, GENERATED_SCHEMA_VERSION, joinPrefix } from '../unconfirmed.ts';
import type { GeneratedRows } from './generated-rows.ts';

const FORMAT = 'S3InventoryReport_CSV_20211130';

/** Writes a generated list as an inventory report, and returns the location of its manifest.json. */
export async function writeGeneratedManifest(
  { jobId, createdMs }: JobRecord,
  generator: S3JobManifestGenerator,
  list: GeneratedList,
  { objects, rows }: { objects: ObjectStore; rows: GeneratedRows },
): Promise<S3GeneratedManifestDescriptor> {
  const { Bucket: arn = '', ManifestPrefix, ManifestEncryption } = generator.ManifestOutputLocation ?? {};
  const bucket = bucketOfArn(arn);
  const folder = joinPrefix(ManifestPrefix, `job-${jobId}`);
  const kmsKeyId = ManifestEncryption?.SSEKMS?.KeyId;
  const encryption: PutOptions = kmsKeyId === undefined ? {} : { kmsKeyId };
  const put = (name: string, body: Parameters<ObjectStore['putObject']>[1], contentType: string) =>
    objects.putObject({ bucket, key: `${folder}/${name}` }, body, { contentType, ...encryption });
  try {
    const md5 = createHash('md5');
    const dataName = `data/${createHash('sha1').update(jobId).digest('hex')}.csv.gz`;
    const { size } = await put(dataName, observed(gzipRows(jobId, rows), md5), 'application/gzip');
    const manifest = JSON.stringify({
      sourceBucket: bucketOfArn(generator.SourceBucket),
      destinationBucket: arn,
      version: GENERATED_SCHEMA_VERSION,
      creationTimestamp: String(createdMs),
      fileFormat: 'CSV',
      fileSchema: list.fields.join(', '),
      files: [{ key: `${folder}/${dataName}`, size, MD5checksum: md5.digest('hex') }],
    });
    const checksum = createHash('md5').update(manifest).digest('hex');
    await put('manifest.checksum', Buffer.from(checksum), 'text/plain');
    const facts = await put('manifest.json', Buffer.from(manifest), 'application/json');
    return { Format: FORMAT, Location: locationOf(bucket, `${folder}/manifest.json`, facts) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new ManifestFault(FAILURE_CODES.generator, CANNOT_WRITE);
  }
}

const CANNOT_WRITE = 'Error occurred when preparing manifest: Failed to write manifest';

const locationOf = (bucket: string, key: string, { etag, versionId }: ObjectFacts) => ({
  ObjectArn: `arn:aws:s3:::${bucket}/${key}`,
  ETag: etag,
  ...(versionId !== undefined && { ObjectVersionId: versionId }),
});

function gzipRows(jobId: string, rows: GeneratedRows): AsyncIterable<Uint8Array> {
  function* pieces() {
    for (let piece = 0; ; piece++) {
      const text = rows.piece(jobId, piece);
      if (text === undefined) return;
      yield text;
    }
  }
  return pipeline(Readable.from(pieces()), createGzip(), () => {});
}

async function* observed(chunks: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}
