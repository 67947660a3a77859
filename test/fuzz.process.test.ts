import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { faultsOf, type Happened } from './fuzz/checks.ts';

test('1,500 generated requests violate no invariant', () => {
  const main = join(import.meta.dirname, 'fuzz/main.ts');
  const { stdout, stderr } = spawnSync(process.execPath, [main, '--requests', '1500', '--seed', '1'], {
    encoding: 'utf8',
  });
  expect({ stdout, stderr }).toEqual({
    stdout: expect.stringContaining('without a fault'),
    stderr: '',
  });
  const accepted = /^valid .*\b202: (\d+)/m.exec(stdout)?.[1];
  expect(Number(accepted)).toBeGreaterThan(150);
});

describe('the checks of the fuzz', () => {
  const fine: Happened = {
    plan: {
      kind: 'nearly',
      route: 'POST /jobs',
      caller: 'ann',
      id: { text: '' },
      headers: {},
      query: '',
      watchSteps: 0,
    },
    ownMark: 'a'.repeat(20),
    path: '/jobs',
    body: '{}',
    answer: { status: 404, headers: { 'content-type': 'application/json' }, text: '{"message":"Not Found"}' },
    asked: [],
    created: [],
    logs: [],
    notices: [],
  };
  const { answer } = fine;
  const notice = { subject: 'x', message: '{}', attributes: {} };
  const input = {
    AccountId: '000000000000',
    Priority: 1,
    RoleArn: 'arn:aws:iam::000000000000:role/BatchRole',
    Operation: {},
  };

  test('accept a correct exchange', async () => {
    expect(await faultsOf(fine)).toEqual([]);
  });

  test.each<[string, Partial<Happened>, RegExp]>([
    ['an answer of 500', { answer: { ...answer, status: 500 } }, /answered 500/],
    ['an accepted body that breaks its schema', { answer: { ...answer, status: 202 } }, /breaks its schema/],
    ['data of another tenant', { answer: { ...answer, text: '"cnryBobKey"' } }, /another tenant/],
    ['a canary in the log', { logs: ['{"key":"cnryAnnKey"}'] }, /the log has the canary of Key/],
    [
      'a canary in a notice',
      { notices: [{ ...notice, message: '"cnryAnnTag"' }] },
      /notice has the canary of Tag/,
    ],
    [
      'a canary in an attribute',
      { notices: [{ ...notice, attributes: { a: 'cnryAnnArg' } }] },
      /canary of Arg/,
    ],
    [
      'a refused request that started something',
      { asked: [{ action: 'StartExecution', input: {} }] },
      /but called StartExec/,
    ],
    [
      'a foreign role',
      { created: [{ action: 'CreateJob', input: { ...input, RoleArn: 'other' } }] },
      /with role other/,
    ],
    [
      'a foreign bucket',
      { asked: [{ action: 'HeadObject', input: { Bucket: 'secret' } }] },
      /on the bucket secret/,
    ],
    [
      'a key of another tenant',
      { asked: [{ action: 'GetObject', input: { Bucket: 'bucket-brigade-local', Key: 'reports/b/x' } }] },
      /on the key reports/,
    ],
    [
      'a report at another tenant',
      {
        created: [
          {
            action: 'CreateJob',
            input: { ...input, Report: { Bucket: 'arn:aws:s3:::bucket-brigade-local', Prefix: 'reports/b' } },
          },
        ],
      },
      /key of another tenant/,
    ],
    [
      'a control character',
      { created: [{ action: 'CreateJob', input: { ...input, Description: '\u0001' } }] },
      /XML cannot carry/,
    ],
    [
      'a retry of an unlisted bucket',
      {
        asked: [
          {
            action: 'PutObject',
            input: { Bucket: 'bucket-brigade-local', Key: `retries/${'a'.repeat(20)}-x`, Body: 'secret,a\n' },
          },
        ],
      },
      /a retry of secret/,
    ],
    [
      'an answer outside the contract',
      { answer: { ...answer, status: 201, text: '{}' } },
      /does not match the contract/,
    ],
  ])('find %s', async (_, wrong, message) => {
    expect((await faultsOf({ ...fine, ...wrong })).join('\n')).toMatch(message);
  });
});
