import { GetJobTaggingCommand } from '@aws-sdk/client-s3-control';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, test } from '@jest/globals';
import openapi from '../functions/core/generated/openapi.json' with { type: 'json' };
import { call, post, type SimulatedStack, simulateStack } from './support/simulated-stack.ts';

let stack: SimulatedStack;
beforeAll(async () => {
  stack = await simulateStack({ keys: ['a'] });
});

const Operation = { S3DeleteObjectTagging: {} };
const Objects = [{ Bucket: 'data', Key: 'a' }];

/** A suspended job. */
async function suspended(more: object = {}): Promise<{ id: string; jobId: string }> {
  const { body } = await post(stack, '/jobs', { Operation, Objects, ConfirmationRequired: true, ...more });
  await stack.clock.advance(20_000);
  const { body: now } = await call(stack, 'GET', `/jobs/${body.jobRequestId}`);
  return { id: now.jobRequestId, jobId: now.jobId };
}

const get = (path: string, query = '', headers = {}) => call(stack, 'GET', `${path}?${query}`, { headers });

describe('PATCH /jobs/{id}', () => {
  test('changes the priority of the job', async () => {
    const { id } = await suspended();
    const { status, body } = await call(stack, 'PATCH', `/jobs/${id}`, { body: { Priority: 77 } });
    expect({ status, priority: body.job.Priority }).toEqual({ status: 200, priority: 77 });
  });

  test.each([{}, { Priority: -1 }, { Priority: '1' }, { Priority: 1, Description: 'x' }])(
    '%j is refused',
    async (body) => {
      const { id } = await suspended();
      expect((await call(stack, 'PATCH', `/jobs/${id}`, { body })).body).toMatchObject({
        code: 'InvalidRequest',
      });
    },
  );

  test('is refused for a job that has ended', async () => {
    const { body } = await post(stack, '/jobs', { Operation, Objects });
    await stack.ended(body.jobRequestId);
    const answer = await call(stack, 'PATCH', `/jobs/${body.jobRequestId}`, { body: { Priority: 1 } });
    expect(answer.body).toMatchObject({ status: 409, code: 'NotPossibleNow' });
  });
});

describe('/jobs/{id}/tags', () => {
  const tagKeys = async (JobId: string) => {
    const { Tags } = await stack.s3Control.send(
      new GetJobTaggingCommand({ AccountId: '000000000000', JobId }),
    );
    return Tags?.map(({ Key }) => Key);
  };

  test('are those of the caller; tags of the service are hidden and kept', async () => {
    const { id, jobId } = await suspended({ Tags: [{ Key: 'team', Value: 'media' }] });
    const path = `/jobs/${id}/tags`;
    expect((await get(path)).body).toEqual({ Tags: [{ Key: 'team', Value: 'media' }] });

    const Tags = [{ Key: 'cost', Value: '' }];
    expect((await call(stack, 'PUT', path, { body: { Tags } })).body).toEqual({ Tags });
    expect(await tagKeys(jobId)).toEqual(['cost', 'bucket-brigade:jobRequestId']);

    expect((await call(stack, 'DELETE', path)).body).toEqual({ Tags: [] });
    expect(await tagKeys(jobId)).toEqual(['bucket-brigade:jobRequestId']);
  });

  test.each([
    [{ Tags: [{ Key: 'bucket-brigade:jobRequestId', Value: 'x' }] }, '/Tags/0/Key'],
    [
      {
        Tags: [
          { Key: 'a', Value: '' },
          { Key: 'a', Value: '' },
        ],
      },
      '/Tags/1/Key',
    ],
    [{ Tags: Array.from({ length: 50 }, (_, i) => ({ Key: `${i}`, Value: '' })) }, '/Tags'],
    [{}, '/Tags'],
  ])('%j is refused', async (body, pointer) => {
    const { id } = await suspended();
    const answer = await call(stack, 'PUT', `/jobs/${id}/tags`, { body });
    expect(answer.body).toMatchObject({ status: 422, errors: [expect.objectContaining({ pointer })] });
  });
});

test('a repeated change has no effect and the same answer', async () => {
  const { id } = await suspended({ Tags: [{ Key: 'team', Value: 'media' }] });
  const changes: [string, string, object?][] = [
    ['PATCH', '', { Priority: 3 }],
    ['PUT', '/tags', { Tags: [{ Key: 'cost', Value: '1' }] }],
    ['DELETE', '/tags'],
  ];
  for (const [method, path, body] of changes) {
    const send = () => call(stack, method, `/jobs/${id}${path}`, body && { body });
    const [first, ...others] = [await send(), ...(await Promise.all([send(), send()]))];
    for (const other of others) expect(other).toMatchObject({ status: 200, body: first.body });
  }
});

describe('GET /jobs', () => {
  const signed = (name: string) => ({
    authorization: `AWS4-HMAC-SHA256 Credential=${name}/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0`,
  });
  const asTenants = async (work: () => Promise<void>) => {
    process.env['TENANCY'] = 'principal';
    try {
      await work();
    } finally {
      process.env['TENANCY'] = 'deployment';
      delete process.env['ACCOUNT_SCOPE_TENANTS'];
    }
  };

  test('lists the job requests of the tenant, newest first, in pages', () =>
    asTenants(async () => {
      const own: string[] = [];
      for (let i = 0; i < 5; i++) {
        const { body } = await post(
          stack,
          '/jobs',
          { Operation, Objects, Description: `job ${i}` },
          signed('ann'),
        );
        own.unshift(body.jobRequestId);
        await post(stack, '/jobs', { Operation, Objects }, signed('bob'));
        await stack.clock.advance(1000);
      }
      const listed: string[] = [];
      let pages = 0;
      for (let token: string | null = ''; token !== null; pages++) {
        const { body } = await get('/jobs', `pageSize=2${token && `&pageToken=${token}`}`, signed('ann'));
        listed.push(...body.jobs.map((job: { jobRequestId: string }) => job.jobRequestId));
        token = body.nextPageToken;
      }
      expect({ listed, pages }).toEqual({ listed: own, pages: 3 });
    }));

  test('filters by status, state or outcome', async () => {
    const { id } = await suspended();
    const { body } = await get('/jobs', 'status=Suspended&status=Failed&pageSize=50');
    expect(body.jobs.map((job: { jobRequestId: string }) => job.jobRequestId)).toContain(id);
    expect(new Set(body.jobs.map((job: { status: string }) => job.status))).toEqual(new Set(['Suspended']));
    const ended = (await get('/jobs', 'status=Ended&pageSize=50')).body.jobs;
    expect(new Set(ended.map((job: { state: string }) => job.state))).toEqual(new Set(['Ended']));
  });

  const forged = Buffer.from(JSON.stringify({ token: 'x', skip: 0 })).toString('base64url');
  test.each([
    'pageSize=0',
    'pageSize=51',
    'pageSize=x',
    'pageToken=x',
    'pageToken=bnVsbA',
    `pageToken=${forged}`,
    'scope=all',
    'nonsense=1',
  ])('?%s is refused', async (query) => {
    expect((await get('/jobs', query)).body).toMatchObject({ status: 400, code: 'InvalidQuery' });
  });

  test('lists the jobs of the account only for listed tenants', () =>
    asTenants(async () => {
      expect((await get('/jobs', 'scope=account', signed('ann'))).body).toMatchObject({ code: 'NotAllowed' });
      process.env['ACCOUNT_SCOPE_TENANTS'] = 'arn:aws:iam::000000000000:user/ann';
      const { body } = await get('/jobs', 'scope=account&pageSize=3', signed('ann'));
      expect(body.jobs).toHaveLength(3);
      expect(body.jobs[0]).toMatchObject({ JobId: expect.any(String), Operation: 'S3DeleteObjectTagging' });
      const next = await get(
        '/jobs',
        `scope=account&pageSize=3&pageToken=${body.nextPageToken}`,
        signed('ann'),
      );
      expect(next.body.jobs[0].JobId).not.toBe(body.jobs[0].JobId);
      const some = await get('/jobs', 'scope=account&status=Failing&status=Complete', signed('ann'));
      const statuses = some.body.jobs.map(({ Status }: { Status: string }) => Status);
      expect(new Set(statuses)).toEqual(new Set(['Complete']));
      const unknown = await get('/jobs', 'scope=account&status=NotCreated', signed('ann'));
      expect(unknown.body).toMatchObject({ code: 'InvalidQuery', errors: [{ pointer: '?status' }] });
      expect((await get('/jobs', 'scope=account', signed('bob'))).body).toMatchObject({ code: 'NotAllowed' });
      const noPage = await get('/jobs', `scope=account&pageToken=${forged}`, signed('ann'));
      expect(noPage.body).toMatchObject({ code: 'InvalidQuery', errors: [{ pointer: '?pageToken' }] });
    }));
});

describe('GET /, /openapi.json and /health', () => {
  test('return links that exist', async () => {
    const { status, body } = await get('/');
    expect({ status, name: body.name }).toEqual({ status: 200, name: 'bucket-brigade' });
    for (const path of Object.values<string>(body.links)) expect((await get(path)).status).toBe(200);
  });

  test('return the contract, and 304 for its ETag', async () => {
    const { status, headers, body } = await get('/openapi.json');
    expect({ status, body }).toEqual({ status: 200, body: openapi });
    for (const tag of [headers['etag'], `"x", W/${headers['etag']}`, '*'])
      expect(await get('/openapi.json', '', { 'if-none-match': tag })).toMatchObject({
        status: 304,
        headers: { etag: headers['etag'] },
        body: undefined,
      });
    expect((await get('/openapi.json', '', { 'if-none-match': '"x"' })).status).toBe(200);
  });

  test('confirm that the API answers', async () => {
    const { status, headers, body } = await get('/health');
    expect({ status, body }).toEqual({
      status: 200,
      body: { status: 'up', version: openapi.info.version },
    });
    expect(headers['cache-control']).toBe('no-store');
  });
});

describe('ETag', () => {
  test.each(['', '/report', '?'])('of /jobs/{id}%s gives 304 if nothing has changed', async (more) => {
    const { body } = await post(stack, '/jobs', { Operation, Objects });
    await stack.ended(body.jobRequestId);
    const path = more === '?' ? '/jobs' : `/jobs/${body.jobRequestId}${more}`;
    const first = await get(path);
    const etag = first.headers['etag'] ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await get(path, '', { 'if-none-match': known });
      expect([again.status, again.text, again.headers['etag']]).toEqual([304, '', etag]);
    }
    expect(await get(path, '', { 'if-none-match': '"x"' })).toMatchObject({ status: 200, text: first.text });
  });

  test('changes when the job changes', async () => {
    const { id } = await suspended();
    const known = { 'if-none-match': (await get(`/jobs/${id}`)).headers['etag'] ?? '' };
    const same = await get(`/jobs/${id}`, '', known);
    expect([same.status, Number(same.headers['retry-after'])]).toEqual([304, 15]);
    await call(stack, 'PATCH', `/jobs/${id}`, { body: { Priority: 78 } });
    const changed = await get(`/jobs/${id}`, '', known);
    expect(changed).toMatchObject({ status: 200, body: { job: { Priority: 78 } } });
    expect(changed.headers['etag']).not.toBe(known['if-none-match']);
  });
});

describe('Prefer: wait', () => {
  /** The answer to a call, and its duration in seconds. */
  async function timed(work: () => ReturnType<typeof call>) {
    const start = stack.clock.now();
    const answer = await work();
    return { ...answer, seconds: (stack.clock.now() - start) / 1000 };
  }
  const waiting = (prefer: string, more = {}) => ({ headers: { prefer, ...more } });

  test('makes POST /jobs wait for the end of a short job; GET then answers at once', async () => {
    const { body, status, headers, seconds } = await timed(() =>
      post(stack, '/jobs', { Operation, Objects }, { prefer: 'wait=20' }),
    );
    expect({ status, applied: headers['preference-applied'], body }).toMatchObject({
      status: 202,
      applied: 'wait=20',
      body: { state: 'Ended', outcome: 'Succeeded' },
    });
    expect(headers['retry-after']).toBeUndefined();
    expect(seconds).toBeLessThan(20);
    const again = await timed(() => call(stack, 'GET', `/jobs/${body.jobRequestId}`, waiting('wait=20')));
    expect([again.body.outcome, again.seconds]).toEqual(['Succeeded', 0]);
  });

  test('ends after at most 20 seconds and few polls', async () => {
    const { id } = await suspended();
    let polls = 0;
    stack.sfn.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          if (commandName === 'DescribeExecutionCommand') polls++;
          return next(args);
        },
      { step: 'initialize', name: 'polls' },
    );
    const long = await timed(() => call(stack, 'GET', `/jobs/${id}`, waiting('respond-async, wait=600')));
    stack.sfn.middlewareStack.remove('polls');
    expect([long.status, long.headers['preference-applied'], long.seconds]).toEqual([200, 'wait=20', 20]);
    expect(long.body.status).toBe('Suspended');
    expect(polls).toBeLessThanOrEqual(8);
    const short = await timed(() => call(stack, 'GET', `/jobs/${id}`, waiting('wait="3"; x=1')));
    expect([short.headers['preference-applied'], short.seconds]).toEqual(['wait=3', 3]);
  });

  test.each(['wait=0', 'wait', 'wait=-1', 'wait=1.5', 'wait=soon', 'await=9', 'return=minimal'])(
    'is ignored if it is %s',
    async (prefer) => {
      const { id } = await suspended();
      const { status, headers, seconds } = await timed(() =>
        call(stack, 'GET', `/jobs/${id}`, waiting(prefer)),
      );
      expect([status, headers['preference-applied'], seconds]).toEqual([200, undefined, 0]);
    },
  );

  test('ends at the next change with If-None-Match', async () => {
    const { id } = await suspended();
    const known = { 'if-none-match': (await get(`/jobs/${id}`)).headers['etag'] ?? '' };
    const still = await timed(() => call(stack, 'GET', `/jobs/${id}`, waiting('wait=4', known)));
    expect([still.status, still.seconds, still.headers['preference-applied']]).toEqual([304, 4, 'wait=4']);
    const change = stack.clock.sleep(5000).then(() => post(stack, `/jobs/${id}/cancel`));
    const changed = await timed(() => call(stack, 'GET', `/jobs/${id}`, waiting('wait=20', known)));
    await change;
    expect(changed).toMatchObject({ status: 200, body: { status: 'Cancelled' } });
    expect(changed.seconds).toBeLessThan(11);
  });

  test.each([
    ['confirm', 'Succeeded'],
    ['cancel', 'Cancelled'],
  ])('has /%s answer with the end: %s', async (verb, outcome) => {
    const { id } = await suspended();
    const { status, body, headers } = await call(stack, 'POST', `/jobs/${id}/${verb}`, waiting('wait=20'));
    expect({ status, outcome: body.outcome, applied: headers['preference-applied'] }).toEqual({
      status: 202,
      outcome,
      applied: 'wait=20',
    });
  });
});

describe('a job that S3 has ended before the watch has noticed it', () => {
  test('is shown as ended, by GET, by the list and by Prefer: wait; the notice comes later', async () => {
    const { body: accepted } = await post(stack, '/jobs', { Operation, Objects });
    const id = accepted.jobRequestId;
    await stack.clock.advance(3000);
    const running = (await stack.executions()).filter(({ status }) => status === 'RUNNING');
    expect(running.map(({ name }) => name)).toContain(id);
    const { body, headers } = await get(`/jobs/${id}`);
    expect(body).toMatchObject({ state: 'Ended', outcome: 'Succeeded', status: 'Complete', digest: null });
    expect(headers['retry-after']).toBeUndefined();
    expect(body.links.report).toBeDefined();
    expect((await get('/jobs', 'status=Succeeded&pageSize=1')).body.jobs).toMatchObject([
      { jobRequestId: id, outcome: 'Succeeded' },
    ]);
    const ofJob = () => stack.notices.filter(({ Message }) => Message.includes(id));
    expect(ofJob()).toEqual([]);
    await stack.ended(id);
    expect(ofJob()).toHaveLength(1);
  });

  test('lets Prefer: wait answer within seconds', async () => {
    const start = stack.clock.now();
    const { body } = await post(stack, '/jobs', { Operation, Objects }, { prefer: 'wait=20' });
    expect(body.outcome).toBe('Succeeded');
    expect(stack.clock.now() - start).toBeLessThanOrEqual(6000);
  });
});

describe('GET /jobs/{id} of a watch that ended before its job', () => {
  test('shows the running job after WatchEnded, which can be confirmed, and its end', async () => {
    const { id } = await suspended({ Watch: { DeadlineSeconds: 60 } });
    expect((await stack.ended(id)).outcome).toBe('WatchEnded');
    const { body } = await get(`/jobs/${id}`);
    expect(body).toMatchObject({ state: 'Ended', outcome: 'WatchEnded', status: 'Suspended' });
    expect((await call(stack, 'POST', body.links.confirm)).status).toBe(202);
    await stack.clock.advance(20_000);
    const { body: after, headers } = await get(`/jobs/${id}`);
    expect(after).toMatchObject({ outcome: 'Succeeded', status: 'Complete', progress: { percent: 100 } });
    expect(headers['retry-after']).toBeUndefined();
    expect((await get(after.links.report)).body.tasks).toEqual({ total: 1, succeeded: 1, failed: 0 });
  });

  test('shows NotWatched if the execution failed, and the outcome after the job has ended', async () => {
    const { id } = await suspended();
    const executionArn = (await stack.executions()).find(({ name }) => name === id)?.executionArn;
    await stack.sfn.send(new StopExecutionCommand({ executionArn }));
    const stopped = await get(`/jobs/${id}`);
    expect(stopped.body).toMatchObject({ state: 'NotWatched', outcome: null, status: 'Suspended' });
    expect(stopped.headers['retry-after']).toBeDefined();
    await post(stack, `/jobs/${id}/confirm`);
    await stack.clock.advance(20_000);
    const ended = await get(`/jobs/${id}`);
    expect(ended.body).toMatchObject({ state: 'NotWatched', outcome: 'Succeeded', status: 'Complete' });
    expect(ended.headers['retry-after']).toBeUndefined();
    expect((await get(ended.body.links.report)).status).toBe(200);
  });

  test('shows Lost without further links if S3 does not know the job', async () => {
    const { body } = await post(stack, '/jobs', { Operation, Objects });
    const effect = { type: 'error', code: 'NoSuchJob', status: 404 } as const;
    stack.faults.set([{ service: 's3control', action: 'DescribeJob', effect }]);
    await stack.ended(body.jobRequestId).finally(() => stack.faults.clear());
    const { body: lost, headers } = await get(`/jobs/${body.jobRequestId}`);
    expect(lost).toMatchObject({ state: 'Ended', outcome: 'Lost', status: null, job: null, progress: null });
    expect([lost.links, headers['retry-after']]).toEqual([{ self: `/jobs/${body.jobRequestId}` }, undefined]);
    expect((await get(`/jobs/${body.jobRequestId}/report`)).body).toMatchObject({ code: 'NoReport' });
  });
});
