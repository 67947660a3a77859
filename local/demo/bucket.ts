import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  CreateBucketCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  S3Client,
  type Tag,
} from '@aws-sdk/client-s3';
import { REGION } from '../core/account.ts';
import type { SourceFile } from './files.ts';
import { inParallel } from './in-parallel.ts';

const BUCKET = 'bucket-brigade-demo';
const MANIFEST_KEY = 'manifests/all-files.csv';
const CONCURRENCY = 32;

export type DemoBucket = ReturnType<typeof createDemoBucket>;

/** The demo's own bucket, used through the AWS SDK. */
export function createDemoBucket(awsUrl: string) {
  const client = new S3Client({
    endpoint: awsUrl,
    forcePathStyle: true,
    region: REGION,
    credentials: { accessKeyId: 'demo', secretAccessKey: 'demo' },
  });

  /** Stores the expected SHA-256 with each object; the bytes of a corrupted object differ from it. */
  const uploadFile = async ({ path, key }: SourceFile, isCorrupted: boolean) => {
    const content = await readFile(path);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const Body = isCorrupted ? Buffer.concat([content, Buffer.from('corrupted')]) : content;
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body, Metadata: { sha256 } }));
    return sha256;
  };

  const readText = async (bucket: string, key: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToString()) ?? '';
  };

  return {
    readText,
    /** Resolves with the SHA-256 of each file by key. */
    async upload(
      files: readonly SourceFile[],
      corrupted: ReadonlySet<string>,
      onProgress: (done: number) => void,
    ) {
      await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
      const checksums = new Map<string, string>();
      await inParallel(files, CONCURRENCY, async (file) => {
        checksums.set(file.key, await uploadFile(file, corrupted.has(file.key)));
        onProgress(checksums.size);
      });
      return checksums;
    },
    /** Stores a CSV of Bucket,Key with encoded keys, and returns its ARN. */
    async writeManifest(files: readonly SourceFile[]) {
      const Body = files.map(({ key }) => `${BUCKET},${encodeKey(key)}\n`).join('');
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: MANIFEST_KEY, Body }));
      return `arn:aws:s3:::${BUCKET}/${MANIFEST_KEY}`;
    },
    /** How many of the files' objects have exactly these tags. */
    async countTagged(files: readonly SourceFile[], tags: readonly Tag[]) {
      const expected = JSON.stringify(tags);
      let count = 0;
      await inParallel(files, CONCURRENCY, async ({ key }) => {
        const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket: BUCKET, Key: key }));
        if (JSON.stringify(TagSet) === expected) count++;
      });
      return count;
    },
  };
}

const encodeKey = (key: string) => key.split('/').map(encodeURIComponent).join('/');
