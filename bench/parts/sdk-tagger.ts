/** Tags objects the ordinary way: a script with the AWS SDK, one request for each object, many at a time. */
import { Agent } from 'node:http';
import { PutObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { secondsOf } from '../figures.ts';
import { inFlight } from '../fixtures/in-flight.ts';
import { TAGS } from '../fixtures/jobs.ts';
import { DATA, keyOf } from '../fixtures/keys.ts';
import { answerRequests } from '../part.ts';

const IN_FLIGHT = 64;

export interface TaggingRequest {
  endpoint: string;
  /** The first so many objects are tagged. */
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
    requestHandler: { httpAgent: new Agent({ keepAlive: true, maxSockets: IN_FLIGHT }) },
  });
  const tag = (number: number) =>
    client.send(new PutObjectTaggingCommand({ Bucket: DATA, Key: keyOf(number), Tagging: { TagSet: TAGS } }));
  const seconds = await secondsOf(() => inFlight(IN_FLIGHT, count, tag));
  client.destroy();
  return { seconds };
});
