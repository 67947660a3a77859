/** Every verb against the local stack: real jobs on real objects. */
import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stack, startStack } from '../../local/stack.ts';
import { runCli } from '../support/cli.ts';

const aws = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'us-east-1' };

let stack: Stack;
const put = (path: string, body: string | Buffer) =>
  fetch(`${stack.awsUrl}/${path}`, { method: 'PUT', body });

beforeAll(async () => {
  stack = await startStack({ speed: 600 });
  await put('data', '');
  for (const key of ['a.txt', 'b.txt', 'c d.txt']) await put(`data/photos/${encodeURIComponent(key)}`, key);
});
afterAll(() => stack.stop());

const cli = (args: string[], options: Parameters<typeof runCli>[2] = {}) =>
  runCli(stack.apiUrl, args, options);
const json = async (args: string[], options: Parameters<typeof runCli>[2] = {}) => {
  const result = await cli([...args, '--json'], options);
  return { ...result, value: JSON.parse(result.stdout) };
};

/** A job that has ended with one failed object, and one that succeeded. */
const endedJob = () =>
  json(['jobs', 'tag', '--set', 'team=media', '--objects', '-', '--bucket', 'data', '--wait'], {
    stdin: 'photos/a.txt\nphotos/missing.txt\n',
  });

test('an empty list is [] with --json and a sentence without', async () => {
  expect(await cli(['jobs', 'list', '--json'])).toMatchObject({ code: 0, stdout: '[]\n' });
  expect(await cli(['jobs', 'list'])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'No job requests match.\n',
  });
});

test('jobs tag reads keys from stdin, waits, and exits with the outcome; progress stays on stderr', async () => {
  const { code, stdout, stderr, value } = await endedJob();
  expect(code).toBe(10);
  expect(value).toMatchObject({
    outcome: 'CompletedWithFailures',
    progress: { total: 2, succeeded: 1, failed: 1 },
  });
  expect(stderr).not.toBe('');
  expect(JSON.parse(stdout)).toEqual(value);
  const tags = await fetch(`${stack.awsUrl}/data/photos/a.txt?tagging`).then((answer) => answer.text());
  expect(tags).toContain('<Key>team</Key><Value>media</Value>');
});

test('get, list, report and failures show the job; retry runs what is chosen', async () => {
  const { value } = await endedJob();
  const id = value.jobRequestId;
  // The digest comes when the watch has read the report, which may be between two reads.
  const read = (await (await fetch(`${stack.apiUrl}/jobs/${id}`)).json()) as object;
  expect({ ...(await json(['jobs', 'get', id])).value, digest: null }).toEqual({ ...read, digest: null });
  expect((await cli(['jobs', 'list'])).stdout).toMatch(
    new RegExp(`^ID .*\\n[^]*${id} +CompletedWithFailures +S3PutObjectTagging +2 of 2 \\(1 failed\\)`),
  );
  expect(
    (await json(['jobs', 'list', '--status', 'CompletedWithFailures', '--since', '1h', '--limit', '1']))
      .value,
  ).toHaveLength(1);
  expect((await json(['jobs', 'list', '--status', 'Cancelled'])).value).toEqual([]);
  expect((await cli(['jobs', 'report', id])).stdout).toMatch(/1 object failed\n\nFAILED +CODE\n1 +\w+/);
  expect((await json(['jobs', 'failures', id])).value).toMatchObject([
    { bucket: 'data', key: 'photos/missing.txt' },
  ]);
  expect((await json(['jobs', 'failures', id, '--code', 'SlowDown'])).value).toEqual([]);
  const csv = (await cli(['jobs', 'failures', id, '--csv'])).stdout.trimEnd().split('\n');
  expect(csv).toHaveLength(2);
  expect(csv[1]).toContain('photos/missing.txt');
  await put('data/photos/missing.txt', 'here now');
  const [failure] = (await json(['jobs', 'failures', id])).value;
  const retry = await json(['jobs', 'retry', id, '--code', failure.errorCode, '--wait']);
  expect(retry).toMatchObject({ code: 0, value: { outcome: 'Succeeded', parent: { jobRequestId: id } } });
});

test('the operation of jobs create is JSON, or a name when it takes no arguments', async () => {
  for (const operation of ['S3DeleteObjectTagging', '{"S3DeleteObjectTagging":{}}']) {
    const args = ['--operation', operation, '--objects', '-', '--bucket', 'data', '--dry-run'];
    const { code, value } = await json(['jobs', 'create', ...args], { stdin: 'photos/a.txt\n' });
    expect({ code, ...value }).toMatchObject({ code: 0, wouldStart: true });
  }
});

test('a canary: results, the rest of its objects, and a job over what succeeded', async () => {
  const keys = ['--objects', '-', '--bucket', 'data', '--wait'];
  const stdin = 'photos/a.txt\nphotos/b.txt\nphotos/c d.txt\n';
  const canary = await json(['jobs', 'untag', ...keys, '--max-objects', '1'], { stdin });
  expect(canary).toMatchObject({ code: 0, value: { progress: { total: 1, succeeded: 1 } } });
  const { jobRequestId: id } = canary.value;
  expect((await json(['jobs', 'results', id, '--status', 'succeeded'])).value).toMatchObject([
    { bucket: 'data', key: 'photos/a.txt', status: 'succeeded', errorCode: '' },
  ]);
  expect((await cli(['jobs', 'results', id])).stdout).toMatch(
    /^CODE +BUCKET +KEY +RESULT\nsucceeded +data +photos\/a.txt/,
  );
  expect((await cli(['jobs', 'get', id])).stdout).toContain(
    `Next         bucket-brigade jobs run-rest ${id}`,
  );
  const rest = await json(['jobs', 'run-rest', id, '--wait']);
  expect(rest).toMatchObject({
    code: 0,
    value: { progress: { total: 2, succeeded: 2 }, parent: { jobRequestId: id, rows: 'NotRun' } },
  });
  const { jobRequestId: restId } = rest.value;
  const over = await json(['jobs', 'tag', '--set', 'a=1', '--rows-of', restId, '--wait']);
  expect(over).toMatchObject({ code: 0, value: { progress: { total: 2, succeeded: 2 } } });
  expect((await cli(['jobs', 'get', restId])).stdout).toContain(`${over.value.jobRequestId} Succeeded`);
});

test('a job starts later, and is cancelled before', async () => {
  const args = [
    '--prefix',
    's3://data/photos/',
    '--start-at',
    '2h',
    '--max-failed',
    '5',
    '--after-tasks',
    '9',
  ];
  args.push('--retry', '3', '--retry-after', '1h', '--retry-result', 'waiting');
  const { value } = await json(['jobs', 'untag', ...args]);
  expect(value).toMatchObject({ state: 'Scheduled', jobId: null });
  expect(Date.parse(value.startAt) - Date.now()).toBeGreaterThan(7_000_000);
  expect((await cli(['jobs', 'get', value.jobRequestId])).stdout).toContain(`Starts at    ${value.startAt}`);
  expect(await json(['jobs', 'cancel', value.jobRequestId, '--yes', '--retries'])).toMatchObject({ code: 0 });
});

test('jobs create takes a file, tags, and a dry run whose id starts exactly the same', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'bucket-brigade-')), 'job.json');
  await writeFile(
    file,
    JSON.stringify({
      Operation: { S3DeleteObjectTagging: {} },
      Objects: [{ Bucket: 'data', Key: 'photos/b.txt' }],
    }),
  );
  const args = [
    'jobs',
    'create',
    '-f',
    file,
    '--description',
    'tidy up',
    '--priority',
    '7',
    '--tag',
    'cost=42',
  ];
  const dryRun = await json([...args, '--dry-run']);
  expect(dryRun).toMatchObject({ code: 0, value: { wouldStart: true, objects: { likely: 1 } } });
  expect((await cli([...args, '--dry-run'])).stdout).toContain(`--dry-run-id ${dryRun.value.dryRunId}`);
  const started = await json([
    ...args,
    '--dry-run-id',
    dryRun.value.dryRunId,
    '--idempotency-key',
    'k1',
    '--wait',
  ]);
  expect(started).toMatchObject({
    code: 0,
    value: { outcome: 'Succeeded', description: 'tidy up', request: { Priority: 7 } },
  });
  const again = await json([...args, '--dry-run-id', dryRun.value.dryRunId, '--idempotency-key', 'k1']);
  expect(again.value.jobRequestId).toBe(started.value.jobRequestId);
});

test('a suspended job is confirmed, prioritized, tagged and cancelled', async () => {
  const create = ['jobs', 'untag', '--prefix', 's3://data/photos/', '--require-confirmation'];
  const { value } = await json(create);
  const id = value.jobRequestId;
  const until = async (status: string) => {
    for (;;) {
      const { value: job } = await json(['jobs', 'get', id]);
      if (job.status === status) return;
    }
  };
  await until('Suspended');
  expect((await json(['jobs', 'priority', id, '50'])).value).toMatchObject({ job: { Priority: 50 } });
  expect((await cli(['jobs', 'tag-set', id, 'team=media', 'x='])).stdout).toBe('team=media\nx=\n');
  expect((await cli(['jobs', 'confirm', id])).code).toBe(0);
  expect((await cli(['jobs', 'wait', id])).code).toBe(0);
  expect((await cli(['jobs', 'cancel', id, '--yes'])).code).toBe(5);
  const second = (await json(create)).value.jobRequestId;
  await json(['jobs', 'get', second]);
  const cancelled = await cli(['jobs', 'cancel', second, '--yes', '--reason', 'wrong bucket']);
  if (cancelled.code === 5) return; // S3 had not created it yet
  expect((await cli(['jobs', 'wait', second])).code).toBe(12);
});

test('copy, restore and run make the operations that they name', async () => {
  const source = ['--objects', '-', '--bucket', 'data', '--dry-run'];
  const stdin = 'photos/a.txt\n';
  expect((await cli(['jobs', 'copy', '--to', 's3://data/copies/', ...source], { stdin })).code).toBe(0);
  const restore = await cli(['jobs', 'restore', '--days', '3', ...source], { stdin });
  expect([0, 2]).toContain(restore.code); // the object is not archived, which the checks may refuse
  const wait = ['--objects', '-', '--bucket', 'data', '--wait'];
  expect((await cli(['jobs', 'run', 'merge-tags', '--arg', 'tags={"a":"b"}', ...wait], { stdin })).code).toBe(
    0,
  );
});

test('the JSON of aws s3api list-object-versions, and s3:// addresses, are lists of objects', async () => {
  const listing = JSON.stringify({ Contents: [{ Key: 'photos/a.txt' }, { Key: 'photos/c d.txt' }] });
  const args = ['jobs', 'untag', '--objects', '-', '--dry-run'];
  const first = await json([...args, '--bucket', 'data'], { stdin: listing });
  expect(first.value.firstRows).toEqual([
    { Bucket: 'data', Key: 'photos/a.txt' },
    { Bucket: 'data', Key: 'photos/c d.txt' },
  ]);
  const second = await json(args, { stdin: 's3://data/photos/a.txt\n' });
  expect(second.value.firstRows).toEqual([{ Bucket: 'data', Key: 'photos/a.txt' }]);
});

test('a list that is too long for a request is stored as a manifest in parts, or the message says how', async () => {
  // Over the size of a part, with keys that a manifest must encode.
  const keys = Array.from({ length: 20_000 }, (_, i) => `long/${'ü %,"'.repeat(50)}-${i}`);
  const stdin = `${keys.join('\n')}\n`;
  const args = ['jobs', 'untag', '--objects', '-', '--bucket', 'data'];
  const refused = await cli([...args, '--dry-run'], { stdin });
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('add --manifest-bucket') });
  const { value, stderr } = await json([...args, '--manifest-bucket', 'data/lists', '--dry-run'], {
    stdin,
    env: { ...aws, AWS_ENDPOINT_URL_S3: stack.awsUrl },
  });
  expect(stderr).toContain('Stored 20,000 rows as s3://data/lists/');
  expect(value.firstRows[0]).toEqual({ Bucket: 'data', Key: keys[0] });
});

const operations = [
  'LambdaInvoke',
  ...['S3ComputeObjectChecksum', 'S3DeleteObjectTagging', 'S3InitiateRestoreObject', 'S3PutObjectAcl'],
  ...['S3PutObjectCopy', 'S3PutObjectLegalHold', 'S3PutObjectRetention', 'S3PutObjectTagging'],
  ...['S3ReplicateObject', 'S3UpdateObjectEncryption'],
];

test.each(operations)('the template of %s is a complete body of that operation', async (operation) => {
  const { code, stdout } = await cli(['template', operation]);
  const body = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(Object.keys(body.Operation)).toEqual([operation]);
  const answer = await fetch(`${stack.apiUrl}/jobs?dryRun=true`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: stdout,
  });
  // The template is well formed; its buckets do not exist here.
  const { code: refusal } = (await answer.json()) as { code?: string };
  expect([undefined, 'ManifestNotReadable']).toContain(refusal);
});

test('the commands of the README tag an object, compress it and list both jobs', async () => {
  const text = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  await put('media', '');
  await put('media/README.md', text);
  const lines = [...text.matchAll(/^npx bucket-brigade (.*)$/gm)].map(([, line = '']) => line.split(' '));
  expect(lines.length).toBeGreaterThanOrEqual(4);
  for (const args of lines) expect({ args, ...(await cli(args)) }).toMatchObject({ args, code: 0 });
  const compressed = await fetch(`${stack.awsUrl}/media/README.md.gz`);
  expect(compressed.headers.get('content-encoding')).toBe('gzip');
  expect(await compressed.text()).toBe(text);
});

test('doctor checks the connection, the caller and what may be named', async () => {
  const { code, value } = await json(['doctor'], { env: aws });
  expect(code).toBe(0);
  expect(value.map(({ check }: { check: string }) => check)).toEqual(['reach', 'caller', 'list', 'names']);
  expect((await runCli('http://127.0.0.1:9', ['doctor'])).code).toBe(1);
});

test('doctor says which buckets a deployment with a list allows', async () => {
  const listed = await startStack({ params: { dataBuckets: 'my-data' } });
  try {
    await fetch(`${listed.awsUrl}/my-data`, { method: 'PUT' });
    const general = await runCli(listed.apiUrl, ['doctor']);
    expect(general.code).toBe(0);
    expect(general.stdout).toMatch(/ok +names +jobs may process only the buckets in dataBuckets/);
    const each = await runCli(listed.apiUrl, ['doctor', 'my-data', 'other']);
    expect(each.code).toBe(4);
    expect(each.stdout).toMatch(
      /ok +bucket +jobs may process objects of my-data\nFAIL bucket +other is not in/,
    );
  } finally {
    await listed.stop();
  }
});

test('--version and every --help exit with 0; each help has an example', async () => {
  expect(await cli(['--version'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
  });
  const { stdout } = await cli(['--help']);
  expect(stdout).toContain('jobs failures ID');
  for (const name of ['jobs create', 'jobs wait', 'console', 'completion']) {
    const help = await cli([...name.split(' '), '--help']);
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('Example: bucket-brigade ') });
  }
});

test('a reader that goes away early is no error', async () => {
  const { spawn } = await import('node:child_process');
  const { cliProgram } = await import('../support/cli.ts');
  const child = spawn('sh', ['-c', `"${process.execPath}" "${await cliProgram()}" --help | head -n 1`]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  await new Promise((done) => child.on('close', done));
  expect(output.split('\n')).toHaveLength(2);
});

test.each(['bash', 'zsh', 'fish'])('the completion of %s knows commands and options', async (shell) => {
  const { stdout } = await cli(['completion', shell]);
  for (const word of ['failures', 'dry-run', 'S3PutObjectCopy']) expect(stdout).toContain(word);
});
