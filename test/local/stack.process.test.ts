import {
  CreateBucketCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Envelope } from '../../local/aws/sns/envelope.ts';
import { type Stack, startStack } from '../../local/stack.ts';

const BUCKET = 'media';
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:bucket-brigade-local';
const keys = Array.from({ length: 12 }, (_, n) => `data/ü ${n}+&.txt`);
const tagging = { S3PutObjectTagging: { TagSet: [{ Key: 'stage', Value: 'done' }] } };
const Objects = keys.map((Key) => ({ Bucket: BUCKET, Key }));

/** The members of a job resource that these tests check. */
interface Resource {
  jobRequestId: string;
  report: { manifestKey: string };
}

let stack: Stack;
let s3: S3Client;
let sfn: SFNClient;
const notices: Envelope[] = [];
let noticed = () => {};

beforeAll(async () => {
  stack = await startStack({
    speed: 500,
    onNotice: (notice) => {
      notices.push(notice);
      noticed();
    },
  });
  const credentials = { accessKeyId: 'tester', secretAccessKey: 'none' };
  s3 = new S3Client({ endpoint: stack.awsUrl, forcePathStyle: true, credentials });
  sfn = new SFNClient({ endpoint: stack.awsUrl, credentials });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Key }));
});
afterAll(() => stack.stop());

const call = async (method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${stack.apiUrl}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body }),
  });
  return { status: response.status, headers: response.headers, json: (await response.json()) as Resource };
};
const post = (body: object, headers = {}) => call('POST', '/jobs', JSON.stringify(body), headers);
const noticeOf = async (jobRequestId: string, kind: string) => {
  for (;;) {
    const messages = notices.map(({ Message }) => JSON.parse(Message));
    const found = messages.find((message) => message.noticeId === `${jobRequestId}:${kind}`);
    if (found) return found;
    await new Promise<void>((resolve) => {
      noticed = resolve;
    });
  }
};
const read = async (Key: string) =>
  (await s3.send(new GetObjectCommand({ Bucket: stack.buckets[0], Key }))).Body?.transformToString();
const tagsOf = async (Key: string) =>
  (await s3.send(new GetObjectTaggingCommand({ Bucket: BUCKET, Key }))).TagSet;
const executions = async () =>
  (await sfn.send(new ListExecutionsCommand({ stateMachineArn: MACHINE }))).executions ?? [];

describe('a job request over HTTP', () => {
  test('runs, publishes a notice, and leaves a report with one row for each object', async () => {
    const accepted = await post({ Operation: tagging, Objects });
    expect(accepted.status).toBe(202);
    const { jobRequestId } = accepted.json;

    expect(await noticeOf(jobRequestId, 'final')).toMatchObject({
      outcome: 'Succeeded',
      counts: { total: 12, succeeded: 12, failed: 0 },
    });
    const { json } = await call('GET', accepted.headers.get('location') ?? '');
    expect(json).toMatchObject({ outcome: 'Succeeded', job: { Status: 'Complete' } });
    const manifest = JSON.parse((await read(json.report.manifestKey)) ?? '');
    const rows = (await read(manifest.Results[0].Key))?.trim().split('\n') ?? [];
    expect(rows.map((row) => decodeURIComponent(row.split(',')[1] ?? '')).sort()).toEqual([...keys].sort());
    for (const key of keys) expect(await tagsOf(key)).toEqual([{ Key: 'stage', Value: 'done' }]);
  });

  test('that requires confirmation waits for it', async () => {
    const { json } = await post({
      Operation: { S3DeleteObjectTagging: {} },
      Objects,
      ConfirmationRequired: true,
    });
    await noticeOf(json.jobRequestId, 'needs-confirmation');
    expect(await tagsOf(keys[0] ?? '')).toHaveLength(1);
    expect((await call('POST', `/jobs/${json.jobRequestId}/confirm`)).status).toBe(202);
    expect(await noticeOf(json.jobRequestId, 'final')).toMatchObject({ outcome: 'Succeeded' });
    expect(await tagsOf(keys[0] ?? '')).toEqual([]);
  });

  test('sent twice at once with one key starts one execution', async () => {
    const before = (await executions()).length;
    const headers = { 'idempotency-key': 'nightly' };
    const body = { Operation: tagging, Objects };
    const both = await Promise.all([post(body, headers), post(body, headers)]);
    expect(both.map(({ status }) => status)).toEqual([202, 202]);
    expect(new Set(both.map(({ json }) => json.jobRequestId)).size).toBe(1);
    expect(await executions()).toHaveLength(before + 1);
    expect((await post({ ...body, Priority: 7 }, headers)).status).toBe(422);
  });

  test.each([
    ['that is no JSON', '{"Operation":', 400],
    ['with an unknown member', JSON.stringify({ Operation: tagging, Objects, Colour: 'red' }), 422],
    ['without a manifest', JSON.stringify({ Operation: tagging }), 422],
    ['of 5 MB', JSON.stringify({ Operation: tagging, Objects, Description: 'x'.repeat(5_000_000) }), 413],
  ])('%s is refused with a problem, and nothing starts', async (_, body, status) => {
    const before = (await executions()).length;
    const answer = await call('POST', '/jobs', body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await executions()).toHaveLength(before);
  });
});

test('the last notices can be read over HTTP', async () => {
  const response = await fetch(`${stack.awsUrl}/_bucket-brigade/notices`);
  expect(await response.json()).toEqual({ notices });
});

test('a signed request is made by the user of its access key', async () => {
  const tenants = await startStack({ speed: 500, params: { tenancy: 'principal' } });
  try {
    const submit = async (accessKey: string) => {
      const response = await fetch(`${tenants.apiUrl}/jobs`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/20260101/us-east-1/execute-api/aws4_request, X`,
        },
        body: JSON.stringify({ Operation: tagging, Objects }),
      });
      const { jobRequestId } = (await response.json()) as { jobRequestId: string };
      return jobRequestId.split('-')[0];
    };
    const [first, again, other] = [await submit('ada'), await submit('ada'), await submit('bob')];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  } finally {
    await tenants.stop();
  }
});

test('a caller with a token is the tenant of its claim', async () => {
  const params = {
    auth: 'jwt',
    jwtIssuer: 'https://issuer.example',
    jwtAudience: 'x',
    tenancy: 'claim:team',
  };
  const teams = await startStack({ speed: 500, params });
  const as = (team?: string) => {
    const claims = { iss: params.jwtIssuer, aud: 'x', exp: Date.now() / 1000 + 600, scope: 'jobs', team };
    return { authorization: `Bearer x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x` };
  };
  const ask = async (path: string, headers = {}, init: RequestInit = {}) => {
    const response = await fetch(`${teams.apiUrl}${path}`, { ...init, headers });
    const { jobRequestId, code, message } = (await response.json()) as Record<string, string>;
    return { status: response.status, jobRequestId, said: code ?? message };
  };
  try {
    const body = JSON.stringify({ Operation: tagging, Objects });
    const headers = { ...as('media'), 'content-type': 'application/json' };
    const { jobRequestId } = await ask('/jobs', headers, { method: 'POST', body });
    const path = `/jobs/${jobRequestId}`;
    expect(await ask(path, as('media'))).toMatchObject({ status: 200, jobRequestId });
    expect(await ask(path, as('games'))).toMatchObject({ status: 404, said: 'JobRequestNotFound' });
    expect(await ask(path, as())).toMatchObject({ status: 403, said: 'NotAllowed' });
    expect(await ask(path)).toMatchObject({ status: 401, said: 'Unauthorized' });
  } finally {
    await teams.stop();
  }
});

test('parameters that no stand-in has a use for are named in one line, and only these', async () => {
  const linesOf = async (params: Record<string, string>) => {
    const log: string[] = [];
    await (await startStack({ params, log: (line) => log.push(line) })).stop();
    return log.filter((line) => line.includes('without effect'));
  };
  expect(await linesOf({ logLevel: 'ERROR', email: 'a@b.example', tracing: 'false' })).toEqual([]);
  expect(
    await linesOf({
      tracing: 'true',
      monthlyBudgetUsd: '50',
      alarmEmail: 'a@b.example',
      tenancy: 'principal',
    }),
  ).toEqual([
    'without effect on this machine: alarmEmail, monthlyBudgetUsd, tracing. It has no alarms, dashboard, traces, request limits or bills, and keeps logs and reports.',
  ]);
});

test.each([
  [{ tenency: 'principal' }, 'Parameter tenency is unknown. Did you mean tenancy?'],
  [
    { tenancy: 'foo' },
    'Parameter tenancy has the value "foo". It takes deployment, principal, or claim:NAME',
  ],
  [{ workerActions: 'delete-objects' }, 'Did you mean delete-object?'],
  [{ auth: 'jwt' }, 'Parameter jwtIssuer is not set. auth=jwt requires it.'],
])('the parameters %j are refused as by serverless deploy', async (params, message) => {
  await expect(startStack({ params })).rejects.toThrow(message);
});

test('a parameter switches on a worker action, and another one prints the e-mails of notices', async () => {
  const mail = Promise.withResolvers<string>();
  const changed = await startStack({
    speed: 500,
    params: { workerActions: 'delete-object', email: 'ann@example.com' },
    log: (line) => {
      if (line.startsWith('e-mail')) mail.resolve(line);
    },
  });
  try {
    const url = `${changed.awsUrl}/${BUCKET}/k`;
    await fetch(`${changed.awsUrl}/${BUCKET}`, { method: 'PUT' });
    await fetch(url, { method: 'PUT', body: 'x' });
    const { status } = await fetch(`${changed.apiUrl}/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        Operation: { LambdaInvoke: { UserArguments: { action: 'delete-object' } } },
        Objects: [{ Bucket: BUCKET, Key: 'k' }],
      }),
    });
    expect(status).toBe(202);
    expect(await mail.promise).toMatch(/^e-mail to ann@example\.com, not sent: .*\n/);
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(404);
  } finally {
    await changed.stop();
  }
});

test('a stop frees both ports', async () => {
  const brief = await startStack();
  await brief.stop();
  await expect(fetch(`${brief.apiUrl}/jobs/x`)).rejects.toThrow('fetch failed');
  await expect(fetch(brief.awsUrl)).rejects.toThrow('fetch failed');
});
