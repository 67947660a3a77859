import { validateHeaderName, validateHeaderValue } from 'node:http';
import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { Action, ActionContext, ArgumentType } from '../../functions/worker/action.ts';
import { argumentFaults, declaredActions } from '../../functions/worker/actions.ts';
import type { ObjectVersion } from '../../functions/worker/contract.ts';
import { ActionFailure } from '../../functions/worker/failures.ts';
import * as mergeTags from '../../functions/worker/generated/merge-tags.mjs';
import { invocationEvent, invoke, runAction, userArgumentsOf } from '../../functions/worker/harness.ts';
import { createWorker } from '../../functions/worker/worker.ts';
import { readDocument, tableBelow } from '../support/markdown.ts';

const anything = (types: Record<string, ArgumentType> = {}) => ({
  default: () => true,
  argumentTypes: types,
});
type AnyRun = (object: ObjectVersion, context: ActionContext<Record<string, unknown>>) => unknown;

/** A worker of one action, whatever that returns. */
const workerOf = (run: AnyRun, declaration: Partial<Action> = {}) =>
  createWorker({ actions: [{ name: 'try', schema: anything(), ...declaration, run: run as Action['run'] }] });

const object = { bucket: 'data', key: 'a' };
const outcomeOf = async (run: AnyRun) => (await invoke(workerOf(run), invocationEvent([object])))[0];

const awkwardKeys = ['a+b', 'a%2Bb', 'two words ', 'ä/€/😀', 'line\nfeed', '?versionId=x&y', 'é'.repeat(512)];

describe('the contract', () => {
  const buckets = ['data', 'directory--use1-az4--x-s3'];
  const cases = (['1.0', '2.0'] as const).flatMap((schema) => buckets.map((bucket) => ({ schema, bucket })));

  test.each(cases)(
    'passes bucket and key to the action, schema $schema, bucket $bucket',
    async ({ schema, bucket }) => {
      const key = fc.oneof(
        fc.constantFrom(...awkwardKeys),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
      );
      const objects = fc.array(
        fc.record(
          { bucket: fc.constant(bucket), key, versionId: fc.constant('v1') },
          { requiredKeys: ['bucket', 'key'] },
        ),
        { minLength: 1, maxLength: 8 },
      );
      await fc.assert(
        fc.asyncProperty(objects, async (given) => {
          const received: ObjectVersion[] = [];
          const worker = workerOf(async (found) => {
            received.push(found);
            return found.key;
          });
          const outcomes = await invoke(worker, invocationEvent(given, { schema }));
          expect(outcomes).toHaveLength(given.length);
          expect(received).toEqual(given);
        }),
        { numRuns: 50 },
      );
    },
  );

  test.each([
    ['arn:aws:s3:::data', 'data'],
    ['arn:aws:s3:us-east-1:012345678901:data', 'data'],
    ['arn:aws-cn:s3:::data', 'data'],
    ['arn:aws:s3express:us-east-1:012345678901:bucket/d--use1-az4--x-s3', 'd--use1-az4--x-s3'],
    [
      'arn:aws:s3:us-east-1:012345678901:accesspoint/mine',
      'arn:aws:s3:us-east-1:012345678901:accesspoint/mine',
    ],
  ])('reads the bucket of %s in both schemas', async (arn, bucket) => {
    const worker = workerOf(async (found) => found.bucket);
    const event = invocationEvent([object]);
    for (const bucketMember of [{ s3BucketArn: arn }, { s3Bucket: arn }]) {
      const tasks = event.tasks.map(({ s3Bucket: _, ...task }) => ({ ...task, ...bucketMember }));
      expect((await invoke(worker, { ...event, tasks }))[0]?.resultString).toBe(bucket);
    }
  });

  test('a key that cannot be decoded fails only its own task', async () => {
    const event = invocationEvent([object, object]);
    const [first, second] = event.tasks;
    if (!first || !second) throw new Error('two tasks');
    const results = await invoke(
      workerOf(async () => 'done'),
      {
        ...event,
        tasks: [{ ...first, s3Key: '%zz' }, second],
      },
    );
    expect(results.map(({ resultCode }) => resultCode)).toEqual(['PermanentFailure', 'Succeeded']);
  });

  test.each([{ Records: [] }, null, { ...invocationEvent([object]), invocationSchemaVersion: '3.0' }])(
    'throws for an event that breaks the contract: %j',
    async (event) => {
      const call = workerOf(async () => '')(event as never, { getRemainingTimeInMillis: () => 30_000 });
      await expect(call).rejects.toThrow('S3 Batch Operations');
    },
  );
});

describe('the action', () => {
  const one: Action = { name: 'one', schema: anything(), run: async () => 'did one' };
  const risky: Action = { ...one, name: 'risky', isOffByDefault: true };
  const run = (values: Record<string, string>, enabled: string[] = []) =>
    runAction(createWorker({ actions: [one, risky], enabled }), object, values);

  test('is the one that the user argument names', async () => {
    expect(await run({ action: 'one' })).toEqual({ resultCode: 'Succeeded', resultString: 'did one' });
  });

  test.each([
    [{}, 'the user argument action is missing; known actions: one, risky'],
    [{ action: 'toString' }, 'the user argument action must be one of one, risky, not "toString"'],
    [{ action: 'risky' }, 'the user argument action risky is off by default'],
  ])('fails permanently for %j', async (values, message) => {
    expect(await run(values)).toEqual({
      resultCode: 'PermanentFailure',
      resultString: expect.stringContaining(message),
    });
  });

  test('runs if it is off by default and enabled', async () => {
    expect(await run({ action: 'risky' }, ['risky'])).toMatchObject({ resultCode: 'Succeeded' });
  });
});

describe('arguments', () => {
  const types = {
    text: 'string',
    flag: 'boolean',
    whole: 'integer',
    part: 'number',
    list: 'array',
    map: 'object',
  } as const;
  const schema = anything(types);

  test('reach the action as the values that the caller wrote', async () => {
    const values = fc.record(
      {
        text: fc.string(),
        flag: fc.boolean(),
        whole: fc.integer(),
        part: fc.double({ noDefaultInfinity: true, noNaN: true }),
        list: fc.array(fc.string()),
        map: fc.dictionary(fc.string(), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(values, async (given) => {
        // -0 is the one number that JSON loses.
        const expected = JSON.parse(JSON.stringify(given));
        let found: unknown;
        const worker = workerOf(
          async (_, context) => {
            found = context.arguments;
            return '';
          },
          { schema },
        );
        await runAction(worker, object, given);
        expect(found).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  test('are read once, and again when they change', async () => {
    const validate = jest.fn(() => true);
    const worker = workerOf(async (_, context) => JSON.stringify(context.arguments), {
      schema: { default: validate, argumentTypes: types },
    });
    for (const whole of [1, 1, 1, 2, 1])
      expect((await runAction(worker, object, { whole })).resultString).toBe(`{"whole":${whole}}`);
    expect(validate).toHaveBeenCalledTimes(3);
  });

  test('are frozen, so that an action cannot change them for the next object', async () => {
    const worker = workerOf(
      async (_, context) => {
        (context.arguments['list'] as string[]).push('more');
        return '';
      },
      { schema },
    );
    expect(await runAction(worker, object, { list: ['a'] })).toMatchObject({
      resultCode: 'PermanentFailure',
    });
  });

  test.each<[Record<string, string>, string, string]>([
    [{}, '/tags', 'is missing'],
    [{ tags: '' }, '/tags', 'must be the JSON text of an object'],
    [{ tags: 'team=media' }, '/tags', 'must be the JSON text of an object'],
    [{ tags: '[]' }, '/tags', 'must be an object, not a list'],
    [{ tags: '{}' }, '/tags', 'must have at least 1 member; it has 0'],
    [{ tags: '{"team":1}' }, '/tags', 'at team: must be text in quotes, not 1'],
    [{ tags: '{"aws:x":"1"}' }, '/tags', 'at aws:x: this name must be a key of letters,'],
    [
      { tags: '{"team":"media"}', tag: 'x' },
      '/tag',
      'is not an argument of this action; did you mean `tags`?',
    ],
    [{ tags: '{"team":"media"}', 'a/b~c': 'x' }, '/a~1b~0c', 'is not an argument of this action'],
  ])('%j are refused by the worker and before a job starts', async (given, pointer, detail) => {
    const worker = createWorker({
      actions: [{ name: 'merge-tags', schema: mergeTags, run: async () => '' }],
    });
    const outcome = await runAction(worker, object, { action: 'merge-tags', ...given });
    expect(outcome.resultCode).toBe('PermanentFailure');
    expect(outcome.resultString).toContain(detail);
    const faults = argumentFaults({ action: 'merge-tags', ...given }, []);
    expect(faults).toContainEqual(
      expect.objectContaining({ pointer, detail: expect.stringContaining(detail) }),
    );
  });

  test('that become headers are refused unless HTTP can carry them', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'B', '7', '-', ' ', ':', '\r', '\n', '\0', '\t', '\x7f', 'é', '😀', '"'),
      maxLength: 5,
    });
    const metadata = fc.dictionary(text, text, { minKeys: 1, maxKeys: 2, noNullPrototype: true });
    const header = fc.record(
      {
        contentType: text,
        cacheControl: text,
        contentDisposition: text,
        contentEncoding: text,
        contentLanguage: text,
      },
      { requiredKeys: [] },
    );
    const values = fc.oneof(
      metadata.map((given) => ({ action: 'set-metadata', metadata: given })),
      header.map((given) => ({ action: 'set-metadata', ...given })),
      metadata.map((given) => ({ action: 'copy-large', metadata: given })),
      text.map((kmsKey) => ({ action: 'copy-large', encryption: 'aws:kms', kmsKey })),
    );
    const isCarried = (name: string, value: string) => {
      try {
        validateHeaderName(name);
        validateHeaderValue(name, value);
        // S3 signs and stores printable ASCII unchanged, and no white space at the ends.
        return /^[\x20-\x7e]*$/.test(value) && value.trim() === value;
      } catch {
        return false;
      }
    };
    let accepted = 0;
    fc.assert(
      fc.property(values, (given) => {
        if (argumentFaults(userArgumentsOf(given), []).length > 0) return;
        accepted++;
        const { action: _, metadata: more = {}, ...headers } = given as Record<string, unknown>;
        for (const [name, value] of Object.entries(headers))
          expect({ name, value, isCarried: isCarried(name, String(value)) }).toMatchObject({
            isCarried: true,
          });
        for (const [name, value] of Object.entries(more as Record<string, string>))
          expect({
            name,
            value,
            isCarried: isCarried(`x-amz-meta-${name}`, value) && name !== '',
          }).toMatchObject({
            isCarried: true,
          });
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(20);
  });

  test('have no faults if they fit the schema', () => {
    const values = { action: 'merge-tags', tags: { team: 'media', __proto__x: '' } };
    expect(argumentFaults(userArgumentsOf(values), [])).toEqual([]);
  });
});

describe('the result of an action', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;

  test.each<[string, unknown, string]>([
    ['nothing', undefined, ''],
    ['null', null, ''],
    ['an object', { a: 1 }, '{"a":1}'],
    ['a cyclic object', cyclic, ''],
    ['a function', () => {}, ''],
    ['half of a character', 'a\ud800', 'a\ufffd'],
    ['more than the limit', '€'.repeat(1000), '€'.repeat(341)],
    ['much more than the limit', 'x'.repeat(5_000_000), 'x'.repeat(1024)],
    ['a pair of surrogates on the edge', `${'x'.repeat(1023)}😀`, 'x'.repeat(1023)],
  ])('is a success with %s', async (_, result, resultString) => {
    expect(await outcomeOf(async () => result)).toEqual({ resultCode: 'Succeeded', resultString });
    expect(await outcomeOf(() => result)).toEqual({ resultCode: 'Succeeded', resultString });
  });

  test('is cut to the limit, between two characters', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 3000 }), async (text) => {
        const found = (await outcomeOf(async () => text))?.resultString ?? '';
        expect(text.startsWith(found)).toBe(true);
        if (found !== text) expect(Buffer.byteLength(found)).toBeGreaterThan(1020);
      }),
      { numRuns: 50 },
    );
  });

  const hostile = {
    get name(): string {
      throw new Error('no name');
    },
  };
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'text'],
    ['an object without a prototype', Object.create(null)],
    ['an object that throws when it is read', hostile],
    ['a long message', new Error('x'.repeat(5000))],
  ])('is a permanent failure after throwing %s, synchronously or later', async (_, thrown) => {
    const permanent = expect.objectContaining({ resultCode: 'PermanentFailure' });
    expect(
      await outcomeOf(() => {
        throw thrown;
      }),
    ).toEqual(permanent);
    expect(await outcomeOf(() => Promise.reject(thrown))).toEqual(permanent);
  });

  test('is a temporary failure in time if the action hangs, and other tasks keep their results', async () => {
    const signals: AbortSignal[] = [];
    const worker = workerOf(({ key }, { signal }) => {
      signals.push(signal);
      return key === 'slow' ? new Promise(() => {}) : 'done';
    });
    const event = invocationEvent([object, { ...object, key: 'slow' }, object]);
    const results = await invoke(worker, event, 1001);
    expect(results.map(({ resultCode }) => resultCode)).toEqual([
      'Succeeded',
      'TemporaryFailure',
      'Succeeded',
    ]);
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });

  test('is a temporary failure without a run if no time is left', async () => {
    const run = jest.fn(async () => '');
    expect(await invoke(workerOf(run), invocationEvent([object]), 900)).toEqual([
      { resultCode: 'TemporaryFailure', resultString: expect.stringContaining('time') },
    ]);
    expect(run).not.toHaveBeenCalled();
  });

  test('can depend on the remaining time', async () => {
    const worker = workerOf(async (_, { remainingMs }) => String(remainingMs()));
    expect((await invoke(worker, invocationEvent([object]), 31_000))[0]?.resultString).toBe('30000');
  });

  test('is passed to the listener without the key if it is a failure, even if the listener throws', async () => {
    const failures: unknown[] = [];
    const worker = createWorker({
      actions: [
        {
          name: 'try',
          schema: anything(),
          run: async () => {
            throw new ActionFailure('TemporaryFailure', 'later');
          },
        },
      ],
      onFailure: (failure) => {
        failures.push(failure);
        throw new Error('the log is full');
      },
    });
    const [outcome] = await invoke(worker, invocationEvent([{ bucket: 'data', key: 'secret' }]));
    expect(outcome).toEqual({ resultCode: 'TemporaryFailure', resultString: 'later' });
    expect(failures).toEqual([
      {
        jobId: 'job-1',
        taskId: 'task/+0',
        resultCode: 'TemporaryFailure',
        error: new ActionFailure('TemporaryFailure', 'later'),
      },
    ]);
  });
});

test.each(['docs/api.md', 'docs/actions.md'])('%s lists all actions with all arguments', (path) => {
  const document = readDocument(path);
  const rows = [...document.matchAll(/^\| `([a-z-]+)` \|(.*)$/gm)];
  for (const { name, schema, isOffByDefault } of declaredActions) {
    const row = rows.find(([, action]) => action === name)?.[2] ?? '';
    expect({ name, isOff: row.includes('off by default') }).toEqual({ name, isOff: isOffByDefault === true });
    const part =
      path === 'docs/api.md' ? row : document.split(/^## /m).find((text) => text.startsWith(`${name}\n`));
    for (const argument of Object.keys(schema.argumentTypes)) expect(part).toContain(`\`${argument}\``);
  }
});

describe('errors', () => {
  const codes = { temporary: 'TemporaryFailure', permanent: 'PermanentFailure' };
  const rows = tableBelow(readDocument('docs/worker.md'), 'How errors are sorted').flatMap(
    ([errors = '', result = '']) =>
      [...errors.matchAll(/`([^`]+)`/g)].map(([, name = '']) => [name, result] as const),
  );

  test('are listed in the documentation', () => {
    expect(rows.length).toBeGreaterThan(25);
  });

  test.each(rows)('sorts %s as %s', async (name, result) => {
    const status = Number(name);
    const error = status
      ? { name: 'Unheard', $metadata: { httpStatusCode: status } }
      : /^[A-Z_]+$/.test(name)
        ? { name: 'Error', code: name }
        : { name, $metadata: { httpStatusCode: 400 } };
    const outcome = await outcomeOf(() => Promise.reject(Object.assign(new Error('said S3'), error)));
    expect(outcome?.resultCode).toBe(codes[result as keyof typeof codes]);
  });

  test('sorts an error of fetch by its cause', async () => {
    const thrown = new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
    expect(await outcomeOf(() => Promise.reject(thrown))).toMatchObject({ resultCode: 'TemporaryFailure' });
  });

  test('keeps the result code that an action chooses', async () => {
    const thrown = new ActionFailure('PermanentFailure', 'chosen');
    expect(await outcomeOf(() => Promise.reject(thrown))).toEqual({
      resultCode: 'PermanentFailure',
      resultString: 'chosen',
    });
  });
});
