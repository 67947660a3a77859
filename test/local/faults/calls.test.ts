import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { DescribeJobCommand, ListJobsCommand } from '@aws-sdk/client-s3-control';
import { ListStateMachinesCommand } from '@aws-sdk/client-sfn';
import { PublishCommand } from '@aws-sdk/client-sns';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { startServer } from '../../../local/aws/server.ts';
import type { FaultEffect, FaultService } from '../../../local/faults/fault.ts';
import { clientsOf, refusal, settle, startServices, TOPIC } from '../../support/services.ts';

let stack: Awaited<ReturnType<typeof startServices>>;
beforeEach(async () => {
  stack = await startServices();
});

const AccountId = '000000000000';
const at = (Key: string) => ({ Bucket: 'data', Key });
const put = (Key: string, s3 = stack.s3) => s3.send(new PutObjectCommand({ ...at(Key), Body: 'text' }));
const exists = (Key: string) =>
  stack.s3.send(new HeadObjectCommand(at(Key))).then(
    () => true,
    () => false,
  );
const publish = () => stack.sns.send(new PublishCommand({ TopicArn: TOPIC, Message: 'hello' }));

/** One call of each service. */
const calls: Record<string, () => Promise<unknown>> = {
  s3: () => put('key'),
  s3control: () => stack.s3control.send(new ListJobsCommand({ AccountId })),
  states: () => stack.states.send(new ListStateMachinesCommand({})),
  sns: publish,
};

describe('a call', () => {
  test.each<[FaultService, FaultEffect, string]>([
    ['s3', { type: 'throttle' }, 'SlowDown 503'],
    ['s3control', { type: 'throttle' }, 'SlowDown 503'],
    ['states', { type: 'throttle' }, 'ThrottlingException 400'],
    ['sns', { type: 'throttle' }, 'ThrottlingException 400'],
    ['s3', { type: 'error' }, 'InternalError 500'],
    ['s3control', { type: 'error' }, 'InternalError 500'],
    ['states', { type: 'error' }, 'InternalFailure 500'],
    ['sns', { type: 'error' }, 'InternalErrorException 500'],
    ['s3', { type: 'error', status: 503 }, 'ServiceUnavailable 503'],
    ['s3control', { type: 'error', status: 503 }, 'ServiceUnavailable 503'],
    ['states', { type: 'error', status: 503 }, 'ServiceUnavailable 503'],
    ['sns', { type: 'error', status: 503 }, 'ServiceUnavailable 503'],
    [
      's3control',
      { type: 'error', code: 'TooManyRequestsException', status: 400 },
      'TooManyRequestsException 400',
    ],
    ['s3', { type: 'disconnect' }, 'ECONNRESET'],
    ['s3control', { type: 'disconnect' }, 'ECONNRESET'],
    ['states', { type: 'disconnect' }, 'ECONNRESET'],
    ['sns', { type: 'disconnect' }, 'ECONNRESET'],
  ])('of %s that meets %j ends with %s', async (service, effect, expected) => {
    stack.faults.set([{ service, effect, times: 1 }]);
    const call = calls[service] as () => Promise<unknown>;
    expect(await refusal(call())).toBe(expected);
    expect(await refusal(call())).toBe('answered');
  });

  test('fails with the requested message', async () => {
    const effect = { type: 'error', code: 'AccessDenied', status: 403, message: 'Not today' } as const;
    stack.faults.set([{ service: 's3', effect }]);
    await expect(put('key')).rejects.toMatchObject({ name: 'AccessDenied', message: 'Not today' });
  });

  test.each<FaultEffect>([{ type: 'throttle' }, { type: 'error' }, { type: 'disconnect' }])(
    'with the fault %j does no work',
    async (effect) => {
      stack.faults.set([
        { service: 's3', action: 'PutObject', effect },
        { service: 'sns', effect },
      ]);
      expect(await refusal(put('key'))).not.toBe('answered');
      expect(await refusal(publish())).not.toBe('answered');
      expect(await exists('key')).toBe(false);
      expect(stack.notices).toEqual([]);
    },
  );

  test.each<FaultEffect>([
    { type: 'error', afterWork: true },
    { type: 'disconnect', afterWork: true },
  ])('that is struck by %j has done its work', async (effect) => {
    stack.faults.set([
      { service: 's3', action: 'PutObject', effect },
      { service: 'sns', effect },
    ]);
    expect(await refusal(put('key'))).not.toBe('answered');
    expect(await refusal(publish())).not.toBe('answered');
    expect(await exists('key')).toBe(true);
    expect(stack.notices).toMatchObject([{ Message: 'hello' }]);
  });

  test('whose answer is lost does not keep a body from being deleted', async () => {
    await put('key');
    stack.faults.set([
      { service: 's3', action: 'GetObject', effect: { type: 'disconnect', afterWork: true } },
    ]);
    expect(await refusal(stack.s3.send(new GetObjectCommand(at('key'))))).toBe('ECONNRESET');
    await stack.s3.send(new DeleteObjectCommand(at('key')));
    expect(await exists('key')).toBe(false);
  });

  test('whose answer is lost succeeds by the retries of the SDK', async () => {
    stack.faults.set([
      { service: 's3', action: 'PutObject', times: 1, effect: { type: 'disconnect', afterWork: true } },
    ]);
    const { $metadata } = await put('key', clientsOf(stack, 2).s3);
    expect($metadata.attempts).toBe(2);
  });

  test('that the service refuses fails with the fault when its answer is lost', async () => {
    const effect = { type: 'disconnect', afterWork: true } as const;
    stack.faults.set([{ service: 's3control', action: 'DescribeJob', effect }]);
    const describeJob = new DescribeJobCommand({ AccountId, JobId: '0'.repeat(36) });
    expect(await refusal(stack.s3control.send(describeJob))).toBe('ECONNRESET');
  });
});

describe('a delay', () => {
  const seconds = (value: number): FaultEffect => ({ type: 'delay', seconds: value });

  test('passes time on the clock, is added to other delays, and lets the next fault apply', async () => {
    stack.faults.set([
      { service: 's3', effect: seconds(2) },
      { service: 's3', effect: seconds(0.5) },
      { service: 's3', effect: { type: 'throttle' } },
      { service: 's3', effect: seconds(100) },
    ]);
    let outcome = 'none yet';
    void refusal(put('key')).then((name) => {
      outcome = name;
    });
    await settle();
    await stack.clock.advance(2_499);
    expect(outcome).toBe('none yet');
    await stack.clock.advance(1);
    await settle();
    expect(outcome).toBe('SlowDown 503');
  });

  test('ends when the faults are cleared; the work is done', async () => {
    stack.faults.set([{ service: 's3', effect: seconds(3600) }]);
    const call = put('key');
    await settle();
    stack.faults.clear();
    expect(await refusal(call)).toBe('answered');
    expect(stack.clock.now()).toBe(Date.parse('2026-01-01T00:00:00Z'));
  });
});

test('a lost answer closes the connection of a socket, and is not logged as an error', async () => {
  const lines: string[] = [];
  const server = await startServer({ handle: stack.aws, log: (line) => lines.push(line) });
  const s3 = new S3Client({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
  });
  stack.faults.set([
    { service: 's3', action: 'PutObject', effect: { type: 'disconnect', afterWork: true } },
    { service: 's3', action: 'ListBuckets', times: 1, effect: { type: 'disconnect' } },
  ]);
  await expect(put('key', s3)).rejects.toThrow('socket hang up');
  expect(await exists('key')).toBe(true);
  await expect(s3.send(new ListBucketsCommand({}))).rejects.toThrow('socket hang up');
  expect((await s3.send(new ListBucketsCommand({}))).Buckets).toHaveLength(1);
  s3.destroy();
  await server.close();
  expect(lines).toEqual([]);
});
