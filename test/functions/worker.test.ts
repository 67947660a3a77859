import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { verifyChecksum } from '../../functions/worker/actions/verify-checksum.ts';
import type { InvocationEvent, ObjectVersion } from '../../functions/worker/contract.ts';
import { ActionFailure } from '../../functions/worker/failures.ts';
import { type Action, createWorker } from '../../functions/worker/worker.ts';

const lambda = { getRemainingTimeInMillis: () => 30_000 };
const encode = (key: string) => encodeURIComponent(key).replaceAll('%20', '+');

function event(keys: string[], userArguments: Record<string, string> = { action: 'try' }): InvocationEvent {
  return {
    invocationSchemaVersion: '2.0',
    invocationId: 'invocation-1',
    job: { id: 'job-1', userArguments },
    tasks: keys.map((key, i) => ({
      taskId: `task/+${i}`,
      s3Key: encode(key),
      s3VersionId: null,
      s3Bucket: 'data',
    })),
  };
}

const run = async (action: Action, invocation = event(['a'])) =>
  (await createWorker({ actions: { try: action } })(invocation, lambda)).results;

describe('the contract', () => {
  test('every task gets one result under its own id, whatever its key', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 1, maxLength: 8 }),
        async (keys) => {
          const seen: ObjectVersion[] = [];
          const answer = await createWorker({
            actions: {
              try: async (object) => {
                seen.push(object);
                return object.key;
              },
            },
          })(event(keys), lambda);
          expect(answer).toMatchObject({ invocationSchemaVersion: '2.0', invocationId: 'invocation-1' });
          expect(answer.results.map(({ taskId }) => taskId)).toEqual(keys.map((_, i) => `task/+${i}`));
          expect(seen.map(({ key }) => key)).toEqual(keys);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('schema 1.0 names the bucket by an ARN, with or without region and account', async () => {
    for (const s3BucketArn of ['arn:aws:s3:::data', 'arn:aws:s3:us-east-1:012345678901:data']) {
      const invocation: InvocationEvent = {
        invocationSchemaVersion: '1.0',
        invocationId: 'i',
        job: { id: 'j' },
        tasks: [{ taskId: 't', s3Key: 'a%2Bb+c', s3VersionId: 'v1', s3BucketArn }],
      };
      let seen: ObjectVersion | undefined;
      const worker = createWorker({
        actions: {
          try: async (object) => {
            seen = object;
            return '';
          },
        },
      });
      // Schema 1.0 has no user arguments, so no action can be named.
      expect((await worker(invocation, lambda)).results[0]?.resultString).toContain('action is missing');
      await worker({ ...invocation, job: { id: 'j', userArguments: { action: 'try' } } }, lambda);
      expect(seen).toEqual({ bucket: 'data', key: 'a+b c', versionId: 'v1' });
    }
  });

  test('a key that cannot be decoded fails its own task only', async () => {
    const invocation = event(['a', 'b']);
    if (invocation.tasks[0]) invocation.tasks[0].s3Key = '%zz';
    const results = await run(async () => 'done', invocation);
    expect(results.map(({ resultCode }) => resultCode)).toEqual(['PermanentFailure', 'Succeeded']);
  });

  test('an unknown action is permanent and says which are known', async () => {
    const [result] = await run(async () => '', event(['a'], { action: 'toString' }));
    expect(result).toMatchObject({
      resultCode: 'PermanentFailure',
      resultString: expect.stringContaining('known: try'),
    });
  });

  test('an event of another kind throws', async () => {
    await expect(createWorker({ actions: {} })({ Records: [] } as never, lambda)).rejects.toThrow(
      'S3 Batch Operations',
    );
  });

  test('result strings are cut between characters', async () => {
    const [result] = await run(async () => '€'.repeat(1000));
    expect(result?.resultString).toBe('€'.repeat(341));
  });

  test('an action that hangs is answered as temporary before Lambda ends the invocation', async () => {
    const hanging = createWorker({ actions: { try: () => new Promise(() => {}) } });
    const { results } = await hanging(event(['a']), { getRemainingTimeInMillis: () => 900 });
    expect(results).toEqual([expect.objectContaining({ resultCode: 'TemporaryFailure' })]);
  });
});

describe('failures', () => {
  const httpError = (name: string, httpStatusCode: number) =>
    Object.assign(new Error('said S3'), { name, $metadata: { httpStatusCode } });

  test.each([
    ['SlowDown', httpError('SlowDown', 503), 'TemporaryFailure'],
    ['an unknown 500', httpError('Whatever', 500), 'TemporaryFailure'],
    ['a reset connection', Object.assign(new Error('reset'), { code: 'ECONNRESET' }), 'TemporaryFailure'],
    ['NoSuchKey', httpError('NoSuchKey', 404), 'PermanentFailure'],
    ['AccessDenied', httpError('AccessDenied', 403), 'PermanentFailure'],
    ['a bug', new TypeError('x is not a function'), 'PermanentFailure'],
    ['nothing at all', undefined, 'PermanentFailure'],
    ['what the action says', new ActionFailure('TemporaryFailure', 'later'), 'TemporaryFailure'],
  ])('%s is sorted', async (_, error, resultCode) => {
    const [result] = await run(() => Promise.reject(error));
    expect(result?.resultCode).toBe(resultCode);
  });
});

describe('verify-checksum', () => {
  const content = Buffer.from('bucket brigade');
  const digest = createHash('sha256').update(content).digest();
  const reading = (metadata: Record<string, string>) =>
    verifyChecksum(async () => ({
      body: (async function* () {
        yield content.subarray(0, 3);
        yield content.subarray(3);
      })(),
      metadata,
    }));
  const verify = async (metadata: Record<string, string>, sha256?: string) =>
    (await run(reading(metadata), event(['a'], { action: 'try', ...(sha256 && { sha256 }) })))[0];

  test.each([digest.toString('hex'), digest.toString('hex').toUpperCase(), digest.toString('base64')])(
    'accepts %s as argument and as metadata',
    async (expected) => {
      const result = JSON.stringify({ sha256: digest.toString('hex'), bytes: content.length });
      expect(await verify({}, expected)).toMatchObject({ resultCode: 'Succeeded', resultString: result });
      expect(await verify({ sha256: expected })).toMatchObject({ resultCode: 'Succeeded' });
    },
  );

  test('reports both checksums when they differ; the argument counts before the metadata', async () => {
    const wrong = '0'.repeat(64);
    const failure = await verify({ sha256: digest.toString('hex') }, wrong);
    expect(failure?.resultCode).toBe('PermanentFailure');
    expect(failure?.resultString).toContain(wrong);
    expect(failure?.resultString).toContain(digest.toString('hex'));
  });

  test('fails for good without anything to compare with, or with what is no SHA-256', async () => {
    expect(await verify({})).toMatchObject({
      resultCode: 'PermanentFailure',
      resultString: expect.stringContaining('nothing to compare'),
    });
    expect(await verify({}, 'abc')).toMatchObject({ resultCode: 'PermanentFailure' });
  });
});
