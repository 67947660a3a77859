/** Tags objects with the AWS SDK, one request for each object, many at a time. */
import { Agent } from 'node:http';
import { PutObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { secondsOf } from '../figures.ts';
import { TAGS } from '../fixtures/jobs.ts';
import { DATA, keyOf } from '../fixtures/keys.ts';
import { runConcurrently } from '../fixtures/run-concurrently.ts';
import { answerRequests } from '../part.ts';

const CONCURRENCY = 64;

export interface TaggingRequest {
  endpoint: string;
  /** Number of objects to tag, from the first one on. */
  count: number;
}

export interface Took {
  seconds: number;
}

answerRequests<TaggingRequest, Took>(async ({ endpoint, count }) => {
  const client = new S3Client({
    endpoint,
    forcePathStyle: true,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    requestHandler: { httpAgent: new Agent({ keepAlive: true, maxSockets: CONCURRENCY }) },
  });
  const tag = (number: number) =>
    client.send(new PutObjectTaggingCommand({ Bucket: DATA, Key: keyOf(number), Tagging: { TagSet: TAGS } }));
  const seconds = await secondsOf(() => runConcurrently(CONCURRENCY, count, tag));
  client.destroy();
  return { seconds };
});
