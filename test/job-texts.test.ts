import { beforeAll, expect, test } from '@jest/globals';
import { call, post, type SimulatedStack, simulateStack } from './support/simulated-stack.ts';

let stack: SimulatedStack;
let path: string;
const body = { Operation: { S3DeleteObjectTagging: {} }, Objects: [{ Bucket: 'data', Key: 'a' }] };

beforeAll(async () => {
  stack = await simulateStack({ keys: ['a\u0001'] });
  const { body: answer } = await post(stack, '/jobs', { ...body, ConfirmationRequired: true });
  path = `/jobs/${answer.jobRequestId}`;
  await stack.clock.advance(60_000);
});

const copy = (NewObjectMetadata: object) => ({
  Operation: { S3PutObjectCopy: { TargetResource: 'arn:aws:s3:::data', NewObjectMetadata } },
});

test.each([
  ['a description', 'POST', '/jobs', { ...body, Description: 'tidy\u0001up' }, '/Description'],
  [
    'a version with a line feed',
    'POST',
    '/jobs',
    { ...body, Objects: [{ Bucket: 'data', Key: 'a', VersionId: 'v\nother,b' }] },
    '/Objects/0/VersionId',
  ],
  [
    'an ARN instead of a bucket',
    'POST',
    '/jobs',
    { ...body, Objects: [{ Bucket: 'arn:aws:s3:::data', Key: 'a' }] },
    '/Objects/0/Bucket',
  ],
  [
    'a metadata name with a colon',
    'POST',
    '/jobs',
    { ...body, ...copy({ UserMetadata: { 'a:b': 'c' } }) },
    '/Operation/S3PutObjectCopy/NewObjectMetadata/UserMetadata/a:b',
  ],
  [
    'a header with a line end',
    'POST',
    '/jobs',
    { ...body, ...copy({ CacheControl: 'a\r\nx-y: z' }) },
    '/Operation/S3PutObjectCopy/NewObjectMetadata/CacheControl',
  ],
  ['a cancel reason', 'POST', '/cancel', { reason: 'wrong\u0000bucket' }, '/reason'],
  ['a retry description', 'POST', '/retry-failed', { Description: '\ufffe' }, '/Description'],
  ['a job tag', 'PUT', '/tags', { Tags: [{ Key: 'k', Value: 'v\u0007' }] }, '/Tags/0/Value'],
])('%s is refused with its pointer', async (_, method, at, content, pointer) => {
  const answer = await call(stack, method, at === '/jobs' ? at : `${path}${at}`, { body: content });
  expect([answer.status, answer.body.code]).toEqual([422, 'InvalidRequest']);
  expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
});

test('an object key with a control character is processed', async () => {
  const { body: answer } = await post(stack, '/jobs', {
    ...body,
    Objects: [{ Bucket: 'data', Key: 'a\u0001' }],
  });
  expect(await stack.ended(answer.jobRequestId)).toMatchObject({ outcome: 'Succeeded' });
});
