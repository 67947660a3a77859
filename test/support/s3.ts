import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
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

export interface S3Stack extends S3 {
  client: S3Client;
  clock: VirtualClock;
  database: Database;
}

/** S3 in memory, or in a folder, with its own virtual clock and a client. */
export function startS3({ dir, ...options }: { dir?: string } & Partial<S3Options> = {}): S3Stack {
  const database = openDatabase(dir);
  const clock = virtualClock(START_MS);
  const s3 = createS3({ database, clock, random: createRandom('s3'), log: () => {}, ...options });
  return { ...s3, client: s3Client(s3.handle), clock, database };
}
