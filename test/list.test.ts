import { beforeAll, describe, expect, test } from '@jest/globals';
import { call, post, type SimulatedStack, simulateStack } from './support/simulated-stack.ts';

let stack: SimulatedStack;
/** Of the log, at info and above. */
const lines: string[] = [];
beforeAll(async () => {
  process.env['POWERTOOLS_LOG_LEVEL'] = 'INFO'; // read when the logger is created
  const { logger } = await import('../functions/core/logger.ts');
  const keep = (line: string) => void lines.push(line);
  Object.assign(logger, { console: { info: keep, warn: keep, error: keep, debug: () => {} } });
  stack = await simulateStack({ keys: ['a'] });
  process.env['TENANCY'] = 'principal';
});

const signed = (name: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${name}/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0`,
});
const tagging = { Operation: { S3DeleteObjectTagging: {} }, Objects: [{ Bucket: 'data', Key: 'a' }] };
const submit = async (who: string, more: object = {}) => {
  const { body } = await post(stack, '/jobs', { ...tagging, ...more }, signed(who));
  return body.jobRequestId as string;
};
const list = async (who: string, query: string) =>
  (await call(stack, 'GET', `/jobs?${query}`, { headers: signed(who) })).body;
const idsOf = (page: { jobs: { jobRequestId: string }[] }) =>
  page.jobs.map(({ jobRequestId }) => jobRequestId);

/** Calls of AWS by name, while some work runs. */
async function callsOf(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const stacks = [
    stack.sfn.middlewareStack,
    stack.s3Control.middlewareStack as typeof stack.sfn.middlewareStack,
  ];
  for (const middlewareStack of stacks)
    middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) => {
          counts[commandName] = (counts[commandName] ?? 0) + 1;
          return next(args);
        },
      { step: 'initialize', name: 'count' },
    );
  await work();
  for (const middlewareStack of stacks) middlewareStack.remove('count');
  return counts;
}

describe('a filter', () => {
  let first: string;
  let second: string;
  let third: string;
  let betweenTimes: string;
  beforeAll(async () => {
    first = await submit('ann', {
      Tags: [{ Key: 'team', Value: 'media=x' }],
      Description: 'Nightly Tidy-Up',
    });
    await stack.clock.advance(10_000);
    betweenTimes = new Date(stack.clock.now()).toISOString();
    await stack.clock.advance(1000);
    second = await submit('ann', {
      Operation: { S3PutObjectTagging: { TagSet: [] } },
      Tags: [{ Key: 'team', Value: 'web' }],
      Objects: [{ Bucket: 'data', Key: 'missing' }],
    });
    third = await submit('ann', { ConfirmationRequired: true });
    await stack.clock.advance(60_000);
  });

  test.each<[string, () => string[]]>([
    ['', () => [third, second, first]],
    ['status=Suspended', () => [third]],
    ['status=CompletedWithFailures&pageSize=1', () => [second]],
    ['status=Succeeded&pageSize=1', () => [first]],
    ['status=Ended&status=Suspended', () => [third, second, first]],
    ['operation=S3PutObjectTagging', () => [second]],
    ['operation=S3PutObjectTagging,S3DeleteObjectTagging', () => [third, second, first]],
    ['tag=team', () => [second, first]],
    ['tag=team=web', () => [second]],
    ['tag=team%3Dmedia%3Dx', () => [first]],
    ['tag=team&tag=other', () => []],
    ['text=tidy-up', () => [first]],
    ['text=TIDY', () => [first]],
    ['status=Succeeded&operation=S3PutObjectTagging', () => []],
  ])('%s', async (query, expected) => {
    expect(idsOf(await list('ann', query))).toEqual(expected());
  });

  test('by time of submission or by id', async () => {
    expect(idsOf(await list('ann', `createdBefore=${betweenTimes}`))).toEqual([first]);
    expect(idsOf(await list('ann', `createdAfter=${betweenTimes}`))).toEqual([third, second]);
    expect(idsOf(await list('ann', `text=${second.slice(-10)}`))).toEqual([second]);
  });

  test.each([
    ['status=Fialed', 'Suspended, '],
    ['status=Failed,nonsense', 'CompletedWithFailures'],
    ['operation=S3PutObjectTag', 'S3PutObjectTagging'],
    ['createdAfter=yesterday', 'RFC 3339'],
    ['createdBefore=2026-02-30', 'RFC 3339'],
    ['scope=account&tag=team', ''],
  ])('%s is refused with what is known', async (query, known) => {
    const { status, code, errors } = await list('ann', query);
    expect([status, code]).toEqual([400, 'InvalidQuery']);
    expect(errors[0].detail).toContain(known);
  });

  test('an item has operation, description, tags, counts, caller and times', async () => {
    expect((await list('ann', 'status=Succeeded')).jobs).toMatchObject([
      {
        jobRequestId: first,
        operation: 'S3DeleteObjectTagging',
        description: 'Nightly Tidy-Up',
        tags: [{ Key: 'team', Value: 'media=x' }],
        progress: { total: 1, succeeded: 1, failed: 0 },
        submittedBy: 'arn:aws:iam::000000000000:user/ann',
        submittedAt: expect.any(String),
        endedAt: expect.any(String),
      },
    ]);
  });
});

describe('the caller', () => {
  const name = 'arn:aws:iam::000000000000:user/carol';

  test('is in the job resource, in the notices and in the log line of a change', async () => {
    const id = await submit('carol', { ConfirmationRequired: true });
    await stack.clock.advance(20_000);
    const path = `/jobs/${id}`;
    const changes: [string, string, object | undefined, string][] = [
      ['PATCH', path, { Priority: 3 }, 'priority changed'],
      ['PUT', `${path}/tags`, { Tags: [] }, 'tags changed'],
      ['POST', `${path}/confirm`, undefined, 'job confirmed'],
    ];
    for (const [method, target, body] of changes)
      expect((await call(stack, method, target, { body, headers: signed('carol') })).status).toBeLessThan(
        300,
      );
    const expected = ['job request accepted', ...changes.map(([, , , message]) => message)];
    const logged = lines
      .map((line) => JSON.parse(line))
      .filter(({ caller, message }) => caller === name && expected.includes(message));
    expect(logged.map(({ message }) => message)).toEqual(expected);
    expect(new Set(logged.map(({ jobRequestId }) => jobRequestId))).toEqual(new Set([id]));
    await stack.ended(id);
    const { body } = await call(stack, 'GET', path, { headers: signed('carol') });
    expect(body.submittedBy).toBe(name);
    const notices = stack.notices.map(({ Message }) => JSON.parse(Message));
    const own = notices.filter(({ jobRequestId }) => jobRequestId === id);
    expect(own.map(({ submittedBy }) => submittedBy)).toEqual(own.map(() => name));
    expect(own.length).toBeGreaterThan(1);
  });

  test('is nowhere if the deployment does not record callers', async () => {
    process.env['RECORD_CALLERS'] = 'false';
    const id = await submit('carol');
    await stack.ended(id);
    process.env['RECORD_CALLERS'] = 'true';
    const { body } = await call(stack, 'GET', `/jobs/${id}`, { headers: signed('carol') });
    expect(body.submittedBy).toBeNull();
    const notices = stack.notices.filter(({ Message }) => JSON.parse(Message).jobRequestId === id);
    expect(notices).toHaveLength(1);
    expect(JSON.stringify([body, notices])).not.toContain('carol');
  });
});

describe('calls of AWS for a page of 20', () => {
  test('of job requests that have ended: 21, then 1', async () => {
    for (let i = 0; i < 20; i++) await submit('ended');
    await stack.clock.advance(600_000);
    const page = () => list('ended', 'pageSize=20');
    expect(await callsOf(page)).toEqual({ ListExecutionsCommand: 1, DescribeExecutionCommand: 20 });
    expect(await callsOf(page)).toEqual({ ListExecutionsCommand: 1 });
    expect((await page()).jobs).toHaveLength(20);
  });

  test('of running jobs: 42, then 2', async () => {
    for (let i = 0; i < 20; i++) await submit('running', { ConfirmationRequired: true });
    await stack.clock.advance(60_000);
    const page = () => list('running', 'pageSize=20');
    expect(await callsOf(page)).toEqual({
      ListExecutionsCommand: 1,
      DescribeExecutionCommand: 20,
      GetExecutionHistoryCommand: 20,
      ListJobsCommand: 1,
    });
    expect(await callsOf(page)).toEqual({ ListExecutionsCommand: 1, ListJobsCommand: 1 });
    const { jobs } = await page();
    expect(new Set(jobs.map(({ status }: { status: string }) => status))).toEqual(new Set(['Suspended']));
    expect(jobs[0]).toMatchObject({
      progress: { total: 1, succeeded: 0 },
      links: { confirm: expect.any(String) },
    });
  });

  test('a kept execution that has ended since is read again', async () => {
    const id = await submit('changing', { ConfirmationRequired: true });
    await stack.clock.advance(20_000);
    expect((await list('changing', '')).jobs).toMatchObject([{ status: 'Suspended', state: 'Watched' }]);
    await post(stack, `/jobs/${id}/cancel`, undefined, signed('changing'));
    await stack.clock.advance(60_000);
    expect((await list('changing', '')).jobs).toMatchObject([{ status: 'Cancelled', outcome: 'Cancelled' }]);
  });
});
