import { CreateBucketCommand, GetObjectTaggingCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, expect, test } from '@jest/globals';
import openapi from '../../functions/core/generated/openapi.json' with { type: 'json' };
import { calls } from '../../tools/api-calls.ts';
import { answerExamples, bodyExamples, EXAMPLE_JOB_ID, EXAMPLE_KEY } from '../../tools/api-examples.ts';
import { curlRequests } from '../support/curl.ts';
import { readDocument, tableBelow } from '../support/markdown.ts';
import { call, post, type SimulatedStack, simulateStack } from '../support/simulated-stack.ts';
import { callWire, wireRequest } from '../support/wire.ts';

const readme = readDocument('README.md');
const apiPage = readDocument('docs/api.md');
const deployPage = readDocument('docs/deploy.md');

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

test('the example of a job resource is the result of the first example of a job request', async () => {
  const body = bodyExamples['submitJob']?.['objects']?.value;
  const accepted = await post(stack, '/jobs', body, { 'idempotency-key': EXAMPLE_KEY });
  await stack.ended(accepted.body.jobRequestId);
  const answer = await call(stack, 'GET', `/jobs/${accepted.body.jobRequestId}`);
  const example = answerExamples['getJob']?.['ended']?.value;
  const expected = JSON.parse(JSON.stringify(example).replaceAll(EXAMPLE_JOB_ID, answer.body.jobId));
  expect(answer.body).toMatchObject(expected);
  expect(Object.keys(expected)).toEqual(Object.keys(answer.body));
});

const examples = Object.entries(calls).flatMap(([route, { operationId }]) =>
  Object.entries(bodyExamples[operationId] ?? {}).map(([name, { value }]) => [route, name, value] as const),
);

test('every call with a body has an example in the contract', () => {
  const needing = Object.values(calls).filter(({ body }) => body !== undefined);
  expect(Object.keys(bodyExamples)).toEqual(needing.map(({ operationId }) => operationId));
  expect(openapi.paths['/jobs'].post.requestBody.content['application/json'].examples).toEqual(
    bodyExamples['submitJob'],
  );
});

test.each(examples)('%s accepts the example %s', async (route, _, body) => {
  const isRetry = route.endsWith('/retry-failed');
  // A suspended job, or a job whose tasks fail.
  const first = { ...bodyExamples['submitJob']?.[isRetry ? 'objects' : 'manifest']?.value };
  if (isRetry)
    stack.faults.set([{ service: 'batch', effect: { type: 'error', code: 'AccessDenied', status: 403 } }]);
  const job = route.includes('{id}') ? (await post(stack, '/jobs', first)).body.jobRequestId : '';
  await stack.clock.advance(20_000);
  stack.faults.clear();
  if (route.endsWith('/run-rest')) {
    await post(stack, `/jobs/${job}/cancel`);
    await stack.ended(job);
  }
  const [method = '', path = ''] = route.split(' ');
  const answer = await call(stack, method, path.replace('{id}', job), { body });
  expect([200, 202]).toContain(answer.status);
  if (path !== '/jobs') return;
  await stack.clock.advance(20_000);
  const { body: now } = await call(stack, 'GET', `/jobs/${answer.body.jobRequestId}`);
  expect(now.failureReasons).toEqual([]);
  expect(['Suspended', 'Complete']).toContain(now.status);
});

test('the table of calls in docs/api.md has exactly the calls of the contract', () => {
  const documented = tableBelow(apiPage, 'Calls').flatMap(([cell = '']) =>
    [...cell.matchAll(/^`([A-Z ]+) (\/[^?`]*)/g)].flatMap(([, methods = '', path]) =>
      methods.split(' ').map((method) => `${method} ${path}`),
    ),
  );
  expect([...new Set(documented)].sort()).toEqual(Object.keys(calls).sort());
});

test('the table of members in docs/api.md has every member of a job request', () => {
  const names = tableBelow(apiPage, 'Members of a job request').flatMap(([cell = '']) =>
    [...cell.matchAll(/`(\w+)/g)].map(([, name = '']) => name),
  );
  const members = Object.keys(openapi.components.schemas.JobRequest.properties);
  expect(members.filter((name) => !names.includes(name))).toEqual([]);
});

test('the curl commands of the README store an object, tag it and find a header row', async () => {
  const [, finding = ''] = /```json\n(.*?)```/s.exec(readme) ?? [];
  for (const { method, url, headers, body, file } of curlRequests(readme)) {
    if (url.startsWith('http://localhost:3000/')) {
      const answer = await call(stack, method, url.slice('http://localhost:3000'.length), { headers, body });
      if (url.endsWith('?dryRun=true')) {
        expect(answer.body).toMatchObject({ wouldStart: false, findings: [JSON.parse(finding)] });
        continue;
      }
      expect(answer.status).toBe(202);
      expect(answer.body).toMatchObject({ state: 'Ended', outcome: 'Succeeded' });
    } else {
      const target = url.slice('http://localhost:4566'.length);
      const content = file === undefined ? (body ?? '') : readDocument(file);
      const answer = await callWire(stack.aws, wireRequest(method, target, { headers, body: content }));
      expect(answer.status).toBe(200);
    }
  }
  const tagging = new GetObjectTaggingCommand({ Bucket: 'media', Key: 'README.md' });
  expect((await stack.s3.send(tagging)).TagSet).toEqual([{ Key: 'team', Value: 'media' }]);
});

test('the curl command of docs/deploy.md posts the body above it', async () => {
  const [, jobJson = ''] = /^```json\n(.*?)^```/ms.exec(deployPage) ?? [];
  const requests = curlRequests(deployPage);
  expect(requests.map(({ body }) => body)).toEqual(['@job.json']);
  for (const { method, url, headers } of requests) {
    const answer = await call(stack, method, url.replace('$API_URL', ''), { headers, body: jobJson });
    expect(answer.status).toBe(202);
    expect(await stack.ended(answer.body.jobRequestId)).toHaveProperty('outcome', 'Succeeded');
  }
  expect(await tagsOf('README.md')).toEqual([{ Key: 'team', Value: 'media' }]);
});
