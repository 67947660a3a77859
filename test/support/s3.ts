import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateBucketCommand,
  type CreateBucketCommandInput,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  type HeadObjectCommandInput,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { inProcess } from '../../local/aws/in-process.ts';
import { createS3, type S3, type S3Options } from '../../local/aws/s3/s3.ts';
import { type VirtualClock, virtualClock } from '../../local/core/clock.ts';
import { createRandom } from '../../local/core/random.ts';
import type { WireHandler } from '../../local/core/wire.ts';
import { type Database, openDatabase } from '../../local/store/database.ts';

export const START_MS = Date.UTC(2026, 10, 22, 10, 0, 0);

/** A real S3 client that calls the handler without a socket. */
export const s3Client = (handle: WireHandler, config: S3ClientConfig = {}) =>
  new S3Client({
    requestHandler: inProcess(handle),
    endpoint: 'http://127.0.0.1:1',
    forcePathStyle: true,
    maxAttempts: 1,
    ...config,
  });

/** The bucket that `startS3WithBucket` creates, and the key that most tests use. */
export const TARGET = { Bucket: 'bucket', Key: 'key' };

export type S3Stack = S3 &
  ReturnType<typeof s3Calls> & { client: S3Client; clock: VirtualClock; database: Database };

type StartOptions = { dir?: string } & Partial<S3Options>;

/** S3 in memory, or in a folder, with its own virtual clock and a client. */
export function startS3({ dir, ...options }: StartOptions = {}): S3Stack {
  const database = openDatabase(dir);
  const clock = virtualClock(START_MS);
  const s3 = createS3({ database, clock, random: createRandom('s3'), log: () => {}, ...options });
  const client = s3Client(s3.handle);
  return { ...s3, ...s3Calls(client), client, clock, database };
}

/** S3 with the bucket `bucket`. */
export async function startS3WithBucket(
  options: StartOptions = {},
  bucket: Partial<CreateBucketCommandInput> = {},
): Promise<S3Stack> {
  const s3 = startS3(options);
  await s3.createBucket(TARGET.Bucket, bucket);
  return s3;
}

/** Short forms of the calls that most tests make. Without another bucket or key they use `TARGET`. */
export function s3Calls(client: S3Client) {
  const get = (Key: string = TARGET.Key, more: Partial<GetObjectCommandInput> = {}) =>
    client.send(new GetObjectCommand({ ...TARGET, Key, ...more }));
  return {
    get,
    createBucket: (Bucket: string, more: Partial<CreateBucketCommandInput> = {}) =>
      client.send(new CreateBucketCommand({ Bucket, ...more })),
    setVersioning: (Status: 'Enabled' | 'Suspended', Bucket = TARGET.Bucket) =>
      client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } })),
    put: (
      Key: string = TARGET.Key,
      Body: PutObjectCommandInput['Body'] = 'body',
      more: Partial<PutObjectCommandInput> = {},
    ) => client.send(new PutObjectCommand({ ...TARGET, Key, Body, ...more })),
    head: (Key: string = TARGET.Key, more: Partial<HeadObjectCommandInput> = {}) =>
      client.send(new HeadObjectCommand({ ...TARGET, Key, ...more })),
    read: async (Key?: string, more?: Partial<GetObjectCommandInput>) =>
      (await get(Key, more)).Body?.transformToString(),
    startUpload: async (more: Partial<CreateMultipartUploadCommandInput> = {}) =>
      (await client.send(new CreateMultipartUploadCommand({ ...TARGET, ...more }))).UploadId ?? '',
    async uploadPart(UploadId: string, PartNumber: number, Body: string): Promise<CompletedPart> {
      const { ETag } = await client.send(new UploadPartCommand({ ...TARGET, UploadId, PartNumber, Body }));
      return { PartNumber, ETag };
    },
    completeUpload: (
      UploadId: string,
      Parts: CompletedPart[],
      more: Partial<CompleteMultipartUploadCommandInput> = {},
    ) =>
      client.send(
        new CompleteMultipartUploadCommand({ ...TARGET, UploadId, MultipartUpload: { Parts }, ...more }),
      ),
  };
}
