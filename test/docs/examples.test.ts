import { CreateBucketCommand, GetObjectTaggingCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, expect, test } from '@jest/globals';
import openapi from '../../functions/core/generated/openapi.json' with { type: 'json' };
import { calls } from '../../tools/api-calls.ts';
import { answerExamples, bodyExamples, EXAMPLE_JOB_ID, EXAMPLE_KEY } from '../../tools/api-examples.ts';
import { curlRequests } from '../support/curl.ts';
import { readDocument, tableBelow } from '../support/markdown.ts';
import { call, post, type SimulatedStack, simulateStack } from '../support/simulated-stack.ts';

const readme = readDocument('README.md');

let stack: SimulatedStack;
const put = (Bucket: string, Key: string, Body: string) =>
  stack.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
const tagsOf = async (Key: string) =>
  (await stack.s3.send(new GetObjectTaggingCommand({ Bucket: 'data', Key }))).TagSet;
beforeAll(async () => {
  stack = await simulateStack();
  for (const Bucket of ['data', 'my-manifests']) await stack.s3.send(new CreateBucketCommand({ Bucket }));
  await put('data', 'README.md', readme);
  await put('data', 'manifest.csv', 'data,README.md\n');
  await put('my-manifests', 'today.csv', 'data,README.md\n');
});

test('the example of a job resource is what the first example of a job request ends as', async () => {
  const body = bodyExamples['submitJob']?.['objects']?.value;
  const accepted = await post(stack, '/jobs', body, { 'idempotency-key': EXAMPLE_KEY });
  await stack.ended(accepted.body.jobRequestId);
  const answer = await call(stack, 'GET', `/jobs/${accepted.body.jobRequestId}`);
  const example = answerExamples['getJob']?.['ended']?.value;
  const told = JSON.parse(JSON.stringify(example).replaceAll(EXAMPLE_JOB_ID, answer.body.jobId));
  expect(answer.body).toMatchObject(told);
  expect(Object.keys(told)).toEqual(Object.keys(answer.body));
});

const examples = Object.entries(calls).flatMap(([route, { operationId }]) =>
  Object.entries(bodyExamples[operationId] ?? {}).map(([name, { value }]) => [route, name, value] as const),
);

test('every call that needs a body has an example of it in the contract', () => {
  const needing = Object.values(calls).filter(({ body }) => body !== undefined);
  expect(Object.keys(bodyExamples)).toEqual(needing.map(({ operationId }) => operationId));
  expect(openapi.paths['/jobs'].post.requestBody.content['application/json'].examples).toEqual(
    bodyExamples['submitJob'],
  );
});

test.each(examples)('%s takes the example %s', async (route, _, body) => {
  const isRetry = route.endsWith('/retry-failed');
  // One that waits for its confirmation, or one whose objects fail.
  const first = { ...bodyExamples['submitJob']?.[isRetry ? 'objects' : 'manifest']?.value };
  if (isRetry)
    stack.faults.set([{ service: 'batch', effect: { type: 'error', code: 'AccessDenied', status: 403 } }]);
  const job = route.includes('{id}') ? (await post(stack, '/jobs', first)).body.jobRequestId : '';
  await stack.clock.advance(20_000);
  stack.faults.clear();
  const [method = '', path = ''] = route.split(' ');
  const answer = await call(stack, method, path.replace('{id}', job), { body });
  expect([200, 202]).toContain(answer.status);
  if (path !== '/jobs') return;
  await stack.clock.advance(20_000);
  const { body: now } = await call(stack, 'GET', `/jobs/${answer.body.jobRequestId}`);
  expect(now.failureReasons).toEqual([]);
  expect(['Suspended', 'Complete']).toContain(now.status);
});

test('the README’s table has exactly the calls of the contract', () => {
  const told = tableBelow(readme, 'The API').flatMap(([cell = '']) =>
    [...cell.matchAll(/^`([A-Z ]+) (\/[^?`]*)/g)].flatMap(([, methods = '', path]) =>
      methods.split(' ').map((method) => `${method} ${path}`),
    ),
  );
  expect([...new Set(told)].sort()).toEqual(Object.keys(calls).sort());
});

test('the README’s table of members has all that a job request has', () => {
  const names = [...readme.matchAll(/^\| (`[A-Z][^|]*) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)/g)].map(([, name = '']) => name),
  );
  const members = Object.keys(openapi.components.schemas.JobRequest.properties);
  expect(members.filter((name) => !names.includes(name))).toEqual([]);
});

test('the README’s curl commands do what they say', async () => {
  const [, jobJson = ''] = /^```json\n(\{\n {2}"Operation".*?)^```/ms.exec(readme) ?? [];
  const requests = curlRequests(readme);
  expect(requests).toHaveLength(2);
  for (const { method, url, headers, body } of requests) {
    const path = url.replace(/^(localhost:3000|\$API_URL)/, '');
    const answer = await call(stack, method, path, { headers, body: body === '@job.json' ? jobJson : body });
    expect(answer.status).toBe(202);
    expect(await stack.ended(answer.body.jobRequestId)).toHaveProperty('outcome');
  }
  expect(await tagsOf('README.md')).toEqual([{ Key: 'team', Value: 'media' }]);
});
