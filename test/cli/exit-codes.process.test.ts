/** What the process exits with, in every case that docs/cli.md lists. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { runCli, type StubAnswer, type StubApi, stubApi } from '../support/cli.ts';

const ID = `${'a'.repeat(20)}-${'b'.repeat(32)}`;

const job = (members: object = {}) => ({
  jobRequestId: ID,
  state: 'Watched',
  outcome: null,
  operation: 'S3DeleteObjectTagging',
  description: null,
  status: 'Active',
  jobId: '11111111-2222-4333-8444-555555555555',
  submittedAt: '2026-11-01T00:00:00.000Z',
  endedAt: null,
  progress: { total: 10, succeeded: 5, failed: 0, percent: 50, etaSeconds: 9 },
  failureReasons: [],
  report: null,
  digest: null,
  parent: null,
  request: {},
  job: null,
  warnings: [],
  links: { self: `/jobs/${ID}` },
  ...members,
});
const ended = (outcome: string) => job({ state: 'Ended', outcome, status: 'Complete' });

const problem = (status: number, code: string): StubAnswer => ({
  status,
  body: {
    type: 'about:blank',
    title: code,
    status,
    detail: `${code} happened.`,
    code,
    remedy: 'Do better.',
    requestId: 'r',
  },
});

let api: StubApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function run(answer: StubAnswer | (() => StubAnswer), args: string[], stdin?: string) {
  api = await stubApi(typeof answer === 'function' ? answer : () => answer);
  return runCli(api.url, args, { ...(stdin !== undefined && { stdin }) });
}

test.each([
  [400, 2],
  [401, 4],
  [403, 4],
  [404, 3],
  [409, 5],
  [413, 2],
  [415, 2],
  [422, 2],
])(
  'an HTTP %d exits with %d and says code, detail and remedy on stderr, with --json too',
  async (status, code) => {
    for (const format of [[], ['--json']]) {
      const result = await run(problem(status, 'SomeCode'), ['jobs', 'get', ID, ...format]);
      expect(result).toEqual({
        code,
        stdout: '',
        stderr: 'bucket-brigade: SomeCode: SomeCode happened.\nDo better.\n',
      });
      await api?.close();
    }
  },
);

test.each([429, 500, 503])('an HTTP %d is tried again and then exits with 1', async (status) => {
  const answer = { ...problem(status, 'Throttled'), headers: { 'retry-after': '0.01' } };
  const { code } = await run(answer, ['jobs', 'get', ID]);
  expect(code).toBe(1);
  expect(api?.calls).toHaveLength(4);
});

test('a call that succeeds when it is sent again carries the same idempotency key', async () => {
  let calls = 0;
  const { code } = await run(
    () =>
      ++calls < 3
        ? { ...problem(503, 'AwsUnavailable'), headers: { 'retry-after': '0.01' } }
        : { status: 202, body: job() },
    ['jobs', 'untag', '--manifest', 's3://data/manifest.csv'],
  );
  expect(code).toBe(0);
  const keys = api?.calls.map(({ headers }) => headers['idempotency-key']);
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
  expect(keys?.[0]).toMatch(/^[0-9a-f-]{36}$/);
});

test('a local API that has never answered is called once, exits with 1 and says how to start one', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const { code, stderr } = await runCli(`http://127.0.0.1:${port}`, ['jobs', 'list']);
  server.close();
  expect({ code, connections }).toEqual({ code: 1, connections: 1 });
  expect(stderr).toContain('npm start');
});

test('a redirect is not followed', async () => {
  const { code, stderr } = await run({ status: 302, headers: { location: 'http://127.0.0.1:9/x' } }, [
    'jobs',
    'list',
  ]);
  expect(code).toBe(1);
  expect(stderr).toContain('redirects are not followed');
  expect(api?.calls).toHaveLength(1);
});

test.each([
  ['Succeeded', 0],
  ['CompletedWithFailures', 10],
  ['Failed', 11],
  ['NotCreated', 11],
  ['Cancelled', 12],
  ['Lost', 13],
  ['WatchEnded', 13],
])('a wait that ends as %s exits with %d, with --json too', async (outcome, code) => {
  for (const format of [[], ['--json']]) {
    const result = await run({ status: 200, body: ended(outcome) }, ['jobs', 'wait', ID, ...format]);
    expect(result.code).toBe(code);
    if (format.length > 0) expect(JSON.parse(result.stdout)).toEqual(ended(outcome));
    await api?.close();
  }
});

test('a job request whose watch has stopped exits with 13', async () => {
  expect((await run({ status: 200, body: job({ state: 'NotWatched' }) }, ['jobs', 'wait', ID])).code).toBe(
    13,
  );
});

test('a wait for several jobs exits with the highest of their codes', async () => {
  const outcomes = ['Cancelled', 'Succeeded', 'CompletedWithFailures'];
  const { code } = await run(
    () => ({ status: 200, body: ended(outcomes.pop() ?? '') }),
    ['jobs', 'wait', ID, ID, ID],
  );
  expect(code).toBe(12);
});

test('a wait whose time is over exits with 14 and shows the job as it is', async () => {
  const { code, stdout } = await run({ status: 200, body: job() }, [
    'jobs',
    'wait',
    ID,
    '--timeout',
    '0s',
    '--json',
  ]);
  expect(code).toBe(14);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'Active' });
});

test('Ctrl-C exits with 130 and says that the job is still running and how to wait again', async () => {
  api = await stubApi(() => ({ status: 200, body: job() }));
  const { code, stderr } = await runCli(api.url, ['jobs', 'wait', ID], { interruptAt: '50 %' });
  expect(code).toBe(130);
  expect(stderr).toContain(`The job is still running. Wait again: bucket-brigade jobs wait ${ID}`);
});

test('jobs get exits with 0 for a failed job, and as a wait does with --exit-status', async () => {
  const answer = { status: 200, body: ended('Failed') };
  expect((await run(answer, ['jobs', 'get', ID])).code).toBe(0);
  await api?.close();
  expect((await run(answer, ['jobs', 'get', ID, '--exit-status'])).code).toBe(11);
});

test.each([
  [[], 'Name a command'],
  [['jobs'], 'There is no command "jobs"'],
  [['jobs', 'nope'], 'There is no command "jobs nope"'],
  [['jobs', 'get'], 'ID is missing'],
  [['jobs', 'get', ID, ID], 'Unexpected argument'],
  [['jobs', 'get', ID, '--nope'], "Unknown option '--nope'"],
  [['jobs', 'list', '--limit', 'x'], '--limit x: use a whole number of at least 1'],
  [['jobs', 'list', '--since', 'once'], '--since once'],
  [['jobs', 'wait', ID, '--timeout', 'soon'], '--timeout soon: use a duration'],
  [['jobs', 'priority', ID, 'high'], 'PRIORITY high'],
  [['jobs', 'tag', '--manifest', 's3://b/k'], '--set is missing'],
  [['jobs', 'tag', '--set', 'a', '--manifest', 's3://b/k'], '--set a: use NAME=VALUE'],
  [['jobs', 'untag'], 'Name the objects'],
  [['jobs', 'untag', '--manifest', 'b/k'], 'use s3://BUCKET/KEY'],
  [['jobs', 'untag', '--manifest', 's3://b/k', '--prefix', 's3://b/p'], 'Use one of --manifest'],
  [['jobs', 'untag', '--objects', '/nowhere/list'], 'cannot be read (ENOENT)'],
  [['jobs', 'create'], 'Name what to run'],
  [['jobs', 'restore', '--days', '0', '--manifest', 's3://b/k'], '--days 0'],
  [
    ['jobs', 'restore', '--days', '1', '--tier', 'FAST', '--manifest', 's3://b/k'],
    'use one of BULK, STANDARD',
  ],
  [['template', 'S3DeleteObject'], 'S3DeleteObject is no operation'],
  [['completion', 'powershell'], 'use one of bash, zsh, fish'],
])('wrong usage %j exits with 2, names what is wrong and calls nothing', async (args, message) => {
  const { code, stdout, stderr } = await run(problem(500, 'InternalError'), args as string[]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(api?.calls).toEqual([]);
});

test.each([
  ['jobs cancel', ['jobs', 'cancel', ID]],
  ['a retry of all', ['jobs', 'retry', ID]],
  ['delete-object', ['jobs', 'run', 'delete-object', '--manifest', 's3://b/k']],
])('%s without a terminal needs --yes', async (_, args) => {
  const answer = { status: 200, body: { ...job(), objects: { count: 3, isExact: true, likely: 3 } } };
  const refused = await run(answer, args);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('add --yes');
  expect(api?.calls.some(({ method, path }) => method === 'POST' && !path.includes('dryRun=true'))).toBe(
    false,
  );
  await api?.close();
  expect((await run(answer, [...args, '--yes'])).code).toBe(0);
});

test('a dry run that finds errors exits with 2', async () => {
  const dryRun = {
    dryRunId: null,
    wouldStart: false,
    objects: { count: 2, isExact: true, likely: 2 },
    firstRows: [{ Bucket: 'data', Key: 'a\u001b[31m' }],
    findings: [
      { code: 'columns', severity: 'error', detail: 'Line 3 has 13 columns.', remedy: 'Fix it.', lines: [3] },
    ],
    estimate: {
      usd: 0.25,
      items: [],
      notIncluded: ['the report'],
      prices: { date: '2026-11-22', region: 'us-east-1' },
    },
  };
  const args = ['jobs', 'untag', '--manifest', 's3://data/m.csv', '--dry-run'];
  const { code, stdout } = await run({ status: 200, body: dryRun }, args);
  expect(code).toBe(2);
  expect(stdout).toContain('The job would be refused.');
  expect(stdout).toContain('Line 3 has 13 columns.');
  expect(stdout).not.toContain('\u001b');
});
