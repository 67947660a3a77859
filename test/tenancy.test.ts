import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { calls, parameters } from '../tools/api-calls.ts';
import { bodyExamples } from '../tools/api-examples.ts';
import { call, type SimulatedStack, simulateStack } from './support/simulated-stack.ts';

let stack: SimulatedStack;
const signed = (name: string, more: Record<string, string> = {}) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${name}/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0`,
  ...more,
});
const send = (who: string, method: string, path: string, body?: object, headers?: Record<string, string>) =>
  call(stack, method, path, { body, headers: signed(who, headers) });
const put = (Bucket: string, Key: string, Body: string) =>
  stack.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
const read = async (Bucket: string, Key: string) =>
  (await (await stack.s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()) ?? '';

/** Words that only the first tenant may read. */
const SECRETS = ['secretkey', 'secretdescription', 'secrettag', 'secretreason'];
const tagging = { S3PutObjectTagging: { TagSet: [{ Key: 'a', Value: 'secrettag' }] } };

/** What the first tenant's notices, answers, and objects in the stack's bucket contain. */
const ann = { mark: '', ids: [] as string[], keys: [] as string[], texts: [] as string[], bucket: '' };
/** An ended job of the second tenant, whose report is in a bucket that it can write to. */
let bobsJob: { jobRequestId: string; report: { bucket: string; manifestKey: string } };

/** Every string in a JSON value. */
const stringsOf = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : value !== null && typeof value === 'object'
      ? Object.values(value).flatMap(stringsOf)
      : [];

beforeAll(async () => {
  stack = await simulateStack();
  process.env['TENANCY'] = 'principal';
  ann.bucket = process.env['STACK_BUCKET'] ?? '';
  for (const Bucket of ['data', 'shared']) await stack.s3.send(new CreateBucketCommand({ Bucket }));
  await put('data', 'secretkey/exists', 'x');
  await put('shared', 'bob', 'x');
  await put('shared', 'bob.csv', 'shared,bob\nshared,missing\n');
  const objects = (...keys: string[]) => keys.map((Key) => ({ Bucket: 'data', Key }));
  const { body: first } = await send(
    'ann',
    'POST',
    '/jobs',
    {
      Operation: tagging,
      Objects: objects('secretkey/exists', 'secretkey/missing'),
      Description: 'secretdescription',
      Tags: [{ Key: 'team', Value: 'secrettag' }],
      Watch: { Notices: ['created'], TagAttributes: ['team'] },
    },
    { 'idempotency-key': 'shared key' },
  );
  ann.mark = first.jobRequestId.slice(0, 20);
  const { body: listed } = await send('ann', 'POST', '/jobs', {
    Operation: tagging,
    ManifestGenerator: {
      S3JobManifestGenerator: {
        SourceBucket: 'arn:aws:s3:::data',
        EnableManifestOutput: true,
        ManifestOutputLocation: {
          Bucket: `arn:aws:s3:::${ann.bucket}`,
          ManifestPrefix: `manifests/${ann.mark}/lists`,
          ManifestFormat: 'S3InventoryReport_CSV_20211130',
        },
      },
    },
  });
  await stack.clock.advance(60_000);
  const { body: retry } = await send('ann', 'POST', `/jobs/${first.jobRequestId}/retry-failed`, {
    Codes: ['*'],
  });
  const { body: mine } = await send('bob', 'POST', '/jobs', {
    Operation: { S3DeleteObjectTagging: {} },
    Manifest: { Location: { ObjectArn: 'arn:aws:s3:::shared/bob.csv' } },
    Report: { Enabled: true, Bucket: 'arn:aws:s3:::shared' },
  });
  await stack.clock.advance(60_000);
  bobsJob = (await send('bob', 'GET', `/jobs/${mine.jobRequestId}`)).body;
  ann.ids = [first, listed, retry].map(({ jobRequestId }) => jobRequestId);
  const { Contents = [] } = await stack.s3.send(new ListObjectsV2Command({ Bucket: ann.bucket }));
  ann.keys = Contents.flatMap(({ Key = '' }) => (Key.includes(ann.mark) ? [Key] : []));
  const answers = [];
  for (const id of ann.ids)
    for (const path of ['', '/report', '/failures?pageSize=1', '/tags'])
      answers.push((await send('ann', 'GET', `/jobs/${id}${path}`)).body);
  answers.push((await send('ann', 'GET', '/jobs?pageSize=1')).body);
  const notices = stack.notices.map(({ Message, MessageAttributes }) => [
    JSON.parse(Message),
    MessageAttributes,
  ]);
  const contents = await Promise.all(ann.keys.map((key) => read(ann.bucket, key).catch(() => '')));
  // Names, ids and tokens.
  const texts = [...stringsOf([answers, notices]), ...contents, ...ann.keys, ...ann.ids];
  const names = texts
    .flatMap((text) => text.split('\n'))
    .filter((text) => /^(?=.*(secret|[\da-f]{20}))[\x21-\x7e]{8,400}$/.test(text));
  ann.texts = oneOfEachForm(names);
}, 120_000);

/** One of the texts that differ only in digits stands for all. */
const oneOfEachForm = (texts: readonly string[]) => [
  ...new Map(texts.map((text) => [text.replaceAll(/[0-9a-f]/g, '0'), text])).values(),
];

/** Words of the first tenant in an answer that were not in the question. */
const learned = (question: string, answer: string) =>
  [...SECRETS, ann.mark].filter((secret) => answer.includes(secret) && !question.includes(secret));

test('the first tenant has keys of every kind, all with its mark', () => {
  const kinds = new Set(ann.keys.map((key) => key.split('/').slice(0, 2).join('/')));
  expect(kinds).toEqual(new Set([`manifests/${ann.mark}`, `reports/${ann.mark}`, `retries/${ann.ids[0]}`]));
  expect(SECRETS.slice(0, 3).filter((secret) => !ann.texts.join().includes(secret))).toEqual([]);
});

describe('another tenant', () => {
  test.each(['Succeeded', 'Failed', 'NotRun'])(
    'cannot run rows of the first that are %s, and gets the answer for an unknown id',
    async (Rows) => {
      const [known = ''] = ann.ids;
      const unknown = `${known.slice(0, 21)}${'0'.repeat(32)}`;
      const answers = [];
      for (const JobRequestId of [known, unknown])
        for (const query of ['', '?dryRun=true']) {
          const body = { Operation: tagging, RowsOf: { JobRequestId, Rows } };
          const { status, text } = await send('bob', 'POST', `/jobs${query}`, body);
          answers.push([status, text.replaceAll(JobRequestId, 'ID').replace(/"requestId":"[^"]*"/, '')]);
        }
      expect(new Set(answers.map((answer) => answer.join())).size).toBe(1);
      expect(answers[0]?.[0]).toBe(404);
    },
  );

  const routes = Object.entries(calls).filter(([route]) => route.includes('{id}'));

  test.each(routes)(
    'gets for %s with an id of the first the answer for an unknown id',
    async (route, { operationId }) => {
      const [method = '', path = ''] = route.split(' ');
      const [example] = Object.values(bodyExamples[operationId] ?? {});
      const unknown = `${ann.mark}-${'0'.repeat(32)}`;
      for (const id of ann.ids) {
        const asked = await send('bob', method, path.replace('{id}', id), example?.value);
        const other = await send('bob', method, path.replace('{id}', unknown), example?.value);
        expect(asked.status).toBe(404);
        const comparable = ({ text, body }: typeof asked, own: string) =>
          text.replaceAll(own, 'ID').replaceAll(body.requestId, 'REQUEST');
        expect(comparable(asked, id)).toBe(comparable(other, unknown));
      }
    },
  );

  test('learns nothing from the parameters of queries', async () => {
    for (const [route, { parameters: names = [] }] of Object.entries(calls))
      for (const name of names.filter((each) => parameters[each].in === 'query'))
        for (const text of route.startsWith('GET') ? ann.texts : []) {
          const path = route.replace('GET ', '').replace('{id}', bobsJob.jobRequestId);
          const query = `${path}?${parameters[name].name}=${encodeURIComponent(text)}`;
          expect(learned(query + text, (await send('bob', 'GET', query)).text)).toEqual([]);
        }
  }, 120_000);

  /** A valid body for each way to name a bucket, a key, an id or a token. */
  const bodies: Record<string, () => object> = {
    'a CSV manifest': () => ({
      Operation: { S3DeleteObjectTagging: {} },
      Manifest: {
        Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key'] },
        Location: { ObjectArn: 'arn:aws:s3:::shared/bob.csv', ETag: 'x' },
      },
      Report: { Enabled: true, Bucket: 'arn:aws:s3:::shared', Prefix: 'p' },
      ClientRequestToken: 'x',
    }),
    'a copy of listed objects': () => ({
      Operation: { S3PutObjectCopy: { TargetResource: 'arn:aws:s3:::shared', TargetKeyPrefix: 'p' } },
      Objects: [{ Bucket: 'shared', Key: 'bob', VersionId: 'null' }],
    }),
    'a worker job': () => ({
      Operation: {
        LambdaInvoke: {
          UserArguments: { action: 'copy-large', targetBucket: 'shared', targetPrefix: 'p/' },
        },
      },
      Objects: [{ Bucket: 'shared', Key: 'bob' }],
    }),
    'a generator': () => ({
      Operation: { S3DeleteObjectTagging: {} },
      ManifestGenerator: {
        S3JobManifestGenerator: {
          SourceBucket: 'arn:aws:s3:::shared',
          EnableManifestOutput: true,
          ManifestOutputLocation: {
            Bucket: 'arn:aws:s3:::shared',
            ManifestPrefix: 'p',
            ManifestFormat: 'S3InventoryReport_CSV_20211130',
          },
          Filter: { KeyNameConstraint: { MatchAnyPrefix: ['bob'] } },
        },
      },
    }),
  };

  /** Copies of a body, each with one of its strings replaced. */
  function* replaced(body: object, text: string): Generator<object> {
    const paths: string[][] = [];
    const walk = (value: unknown, path: string[]) => {
      if (typeof value === 'string') paths.push(path);
      else if (value !== null && typeof value === 'object')
        for (const [name, member] of Object.entries(value)) walk(member, [...path, name]);
    };
    walk(body, []);
    for (const path of paths) {
      const copy = structuredClone(body);
      const last = path.at(-1) ?? '';
      const parent = path.slice(0, -1).reduce<never>((at, name) => at[name] as never, copy as never);
      (parent as Record<string, string>)[last] = text;
      yield copy;
    }
  }

  test.each(Object.keys(bodies))(
    'learns nothing from the members of %s',
    async (name) => {
      const inStack = (key: string) => [key, `arn:aws:s3:::${ann.bucket}/${key}`];
      const texts = [
        ...ann.keys.flatMap(inStack),
        ...ann.keys.map((key) => key.replace(/\/[^/]*$/, '')),
        ...ann.texts,
        ann.bucket,
        `arn:aws:s3:::${ann.bucket}`,
      ];
      for (const text of oneOfEachForm(texts))
        for (const body of replaced((bodies[name] as () => object)(), text)) {
          const { text: answer } = await send('bob', 'POST', '/jobs?dryRun=true', body);
          expect({ body, learned: learned(JSON.stringify(body), answer) }).toEqual({ body, learned: [] });
        }
    },
    240_000,
  );

  test.each(['S3BatchOperations_CSV_20180820', 'S3InventoryReport_CSV_20161130'])(
    'cannot name an object of the first as a manifest in %s',
    async (Format) => {
      const Spec = { Format, ...(Format.includes('Operations') && { Fields: ['Bucket', 'Key'] }) };
      for (const key of ann.keys)
        for (const path of ['/jobs?dryRun=true', '/jobs']) {
          const Manifest = { Spec, Location: { ObjectArn: `arn:aws:s3:::${ann.bucket}/${key}`, ETag: 'x' } };
          const { body } = await send('bob', 'POST', path, {
            Operation: { S3DeleteObjectTagging: {} },
            Manifest,
          });
          expect(body).toMatchObject({ status: 403, errors: [{ pointer: '/Manifest/Location/ObjectArn' }] });
        }
    },
  );

  test('cannot have jobs read or write in the bucket of this deployment', async () => {
    const stackArn = `arn:aws:s3:::${ann.bucket}`;
    const [key = ''] = ann.keys;
    const Objects = [{ Bucket: 'shared', Key: 'bob' }];
    const Operation = { S3DeleteObjectTagging: {} };
    const generator = (members: object) => ({
      Operation,
      ManifestGenerator: {
        S3JobManifestGenerator: {
          SourceBucket: 'arn:aws:s3:::shared',
          EnableManifestOutput: true,
          ManifestOutputLocation: {
            Bucket: 'arn:aws:s3:::shared',
            ManifestFormat: 'S3InventoryReport_CSV_20211130',
          },
          ...members,
        },
      },
    });
    const output = { Bucket: stackArn, ManifestFormat: 'S3InventoryReport_CSV_20211130' };
    const named: [string, object][] = [
      ['/Objects/0/Bucket', { Operation, Objects: [{ Bucket: ann.bucket, Key: key }] }],
      [
        '/Operation/S3PutObjectCopy/TargetResource',
        { Operation: { S3PutObjectCopy: { TargetResource: stackArn } }, Objects },
      ],
      ['/ManifestGenerator/S3JobManifestGenerator/SourceBucket', generator({ SourceBucket: stackArn })],
      [
        '/ManifestGenerator/S3JobManifestGenerator/ManifestOutputLocation/Bucket',
        generator({ ManifestOutputLocation: { ...output, ManifestPrefix: `manifests/${ann.mark}/lists` } }),
      ],
      [
        '/ManifestGenerator/S3JobManifestGenerator/ManifestOutputLocation/Bucket',
        generator({ ManifestOutputLocation: output }),
      ],
      [
        '/Report/Prefix',
        { Operation, Objects, Report: { Enabled: true, Bucket: stackArn, Prefix: `reports/${ann.mark}` } },
      ],
      [
        '/Report/Prefix',
        { Operation, Objects, Report: { Enabled: true, Bucket: stackArn, Prefix: 'reports' } },
      ],
      ['/Report/Prefix', { Operation, Objects, Report: { Enabled: true, Prefix: `reports/${ann.mark}` } }],
      [
        '/Operation/LambdaInvoke/UserArguments/targetBucket',
        {
          Operation: { LambdaInvoke: { UserArguments: { action: 'copy-large', targetBucket: ann.bucket } } },
          Objects,
        },
      ],
    ];
    for (const [pointer, body] of named)
      expect((await send('bob', 'POST', '/jobs', body)).body).toMatchObject({
        status: 403,
        errors: [{ pointer }],
      });
  });

  test('cannot read a file of the first through an inventory of its own', async () => {
    const file = ann.keys.find((key) => key.endsWith('.csv.gz') || key.endsWith('.csv')) ?? '';
    const inventory = {
      destinationBucket: `arn:aws:s3:::${ann.bucket}`,
      fileFormat: 'CSV',
      fileSchema: 'Bucket, Key',
      files: [{ key: file, size: 1, MD5checksum: 'x' }],
    };
    await put('shared', 'inventory/manifest.json', JSON.stringify(inventory));
    const { body, text } = await send('bob', 'POST', '/jobs?dryRun=true', {
      Operation: { S3DeleteObjectTagging: {} },
      Manifest: {
        Spec: { Format: 'S3InventoryReport_CSV_20161130' },
        Location: { ObjectArn: 'arn:aws:s3:::shared/inventory/manifest.json' },
      },
    });
    expect(body.findings).toMatchObject([{ code: 'inventory-location' }]);
    expect(learned('', text)).toEqual([]);
  });

  test('has its own job under the idempotency key of the first', async () => {
    const { body, headers } = await send(
      'bob',
      'POST',
      '/jobs',
      { Operation: { S3DeleteObjectTagging: {} }, Objects: [{ Bucket: 'shared', Key: 'bob' }] },
      { 'idempotency-key': 'shared key' },
    );
    expect(body.jobRequestId).not.toContain(ann.mark);
    expect(headers['idempotency-replayed']).toBeUndefined();
  });

  test('cannot retry objects outside the lists, or of the first, through a report that it forges', async () => {
    const { bucket, manifestKey } = bobsJob.report;
    const file = manifestKey.replace('manifest.json', 'results/forged.csv');
    const Results = [{ TaskExecutionStatus: 'failed', Bucket: bucket, Key: file }];
    await put(bucket, manifestKey, JSON.stringify({ Results }));
    const before = (await stack.executions()).length;
    const retry = () => send('bob', 'POST', `/jobs/${bobsJob.jobRequestId}/retry-failed`, { Codes: ['*'] });
    const [key = ''] = ann.keys;
    for (const [rowBucket, rowKey] of [
      [ann.bucket, encodeURIComponent(key)],
      ['unlisted', 'x'],
    ]) {
      const good = Array.from({ length: 3000 }, (_, i) => `shared,k${i},,failed,503,SlowDown,x\n`).join('');
      await put(bucket, file, `${good}${rowBucket},${rowKey},,failed,503,SlowDown,x\n`);
      process.env['DATA_BUCKETS'] = rowBucket === 'unlisted' ? 'shared,data' : '*';
      const { body } = await retry();
      process.env['DATA_BUCKETS'] = '*';
      expect(body).toMatchObject({ status: 403, code: 'NotAllowed' });
      expect(body.detail).toContain(rowBucket);
    }
    await put(
      bucket,
      manifestKey,
      JSON.stringify({ Results: [{ ...Results[0], Bucket: ann.bucket, Key: key }] }),
    );
    expect((await retry()).body).toMatchObject({ code: 'ReportNotReadable' });
    expect((await stack.executions()).length).toBe(before);
  });
});

test('a dry run shows only rows of buckets that jobs may touch', async () => {
  await put('shared', 'accounts.csv', 'Ann Smith,DE89370400440532013000\nshared,bob\nDATA,x\n');
  const { body, text } = await send('bob', 'POST', '/jobs?dryRun=true', {
    Operation: { S3DeleteObjectTagging: {} },
    Manifest: { Location: { ObjectArn: 'arn:aws:s3:::shared/accounts.csv' } },
  });
  expect(body.firstRows).toEqual([{ Bucket: 'shared', Key: 'bob' }]);
  expect(text).not.toMatch(/Smith|DE89/);
});

test('the owner is the whole hash in the execution, not only the mark in the id', async () => {
  const [id = ''] = ann.ids;
  const stateMachineArn = process.env['STATE_MACHINE_ARN'] ?? '';
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${id}`;
  const { input = '' } = await stack.sfn.send(new DescribeExecutionCommand({ executionArn }));
  const request = JSON.parse(input);
  expect(request.tenantHash).toMatch(new RegExp(`^${ann.mark}[0-9a-f]{44}$`));
  const name = `${ann.mark}-${'1'.repeat(32)}`;
  const start = async (tenantHash: string, jobRequestId: string) => {
    const accepted = { ...request, jobRequestId, tenantHash };
    const command = new StartExecutionCommand({
      stateMachineArn,
      name: jobRequestId,
      input: JSON.stringify(accepted),
    });
    await stack.sfn.send(command);
  };
  await start(`${ann.mark}${'0'.repeat(44)}`, name);
  expect((await send('ann', 'GET', `/jobs/${name}`)).status).toBe(404);
  const { body } = await send('ann', 'GET', '/jobs?pageSize=50');
  const listed = body.jobs.map(({ jobRequestId }: { jobRequestId: string }) => jobRequestId);
  expect(listed).toContain(id);
  expect(listed).not.toContain(name);
  const own = `${ann.mark}-${'2'.repeat(32)}`;
  await start(request.tenantHash, own);
  expect((await send('ann', 'GET', `/jobs/${own}`)).status).toBe(200);
});
