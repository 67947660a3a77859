/**
 * Actions of the worker against an S3 in this process, with faults at the n-th call. In a test file:
 *
 *   const actions = await startActions();      // before anything that imports functions/aws
 *   const worker = await shippedWorker();      // functions/worker.ts as it deploys, every action switched on
 *   const { outcome, calls } = await actions.run(worker, object, { action: 'merge-tags', tags: { a: 'b' } });
 *   await actions.run(worker, object, values, { at: 2, kind: 'killedAfter' });
 *
 *   describe('merge-tags', () => holdsUp({ run: …, values: …, arrange: …, effect: … }));   // the whole table of faults
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { CreateBucketCommand, DeleteObjectCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, jest, test } from '@jest/globals';
import type { ObjectVersion } from '../../functions/worker/contract.ts';
import { runAction, type TaskOutcome } from '../../functions/worker/harness.ts';
import type { Worker } from '../../functions/worker/worker.ts';
import { inProcess } from '../../local/aws/in-process.ts';
import type { Intercept } from '../../local/aws/protocol/action.ts';
import type { S3Limits } from '../../local/aws/s3/core.ts';
import { createSecrets } from '../../local/aws/secrets/secrets.ts';
import { AwsError, ConnectionLost } from '../../local/core/aws-error.ts';
import { createRandom } from '../../local/core/random.ts';
import { s3Client, startS3 } from './s3.ts';

type Act = () => unknown;
const done = (act: Act) => Promise.allSettled([(async () => act())()]);
const never = () => new Promise<never>(() => {});
const fail = (error: Error) => () => {
  throw error;
};

/** What becomes of a call, and of whoever made it. `After`: S3 has done it. */
const strikes = {
  killedBefore: (_: Act, die: Act) => {
    die();
    throw new ConnectionLost();
  },
  killedAfter: async (act: Act, die: Act) => {
    await done(act);
    die();
    throw new ConnectionLost();
  },
  throttled: fail(new AwsError('SlowDown', 503, 'Please reduce your request rate.')),
  unavailable: fail(new AwsError('ServiceUnavailable', 503, 'Service is unable to handle request.')),
  denied: fail(new AwsError('AccessDenied', 403, 'Access Denied')),
  tornBefore: fail(new ConnectionLost()),
  tornAfter: async (act: Act) => {
    await done(act);
    throw new ConnectionLost();
  },
  /** S3 does not answer, and the time of the invocation runs out. */
  silent: () => never(),
};

export interface CallFault {
  /** The how manieth call of the action it strikes, from 1. */
  at: number;
  kind: keyof typeof strikes;
}

export interface ActionRun {
  /** Undefined when the action was killed. */
  outcome: TaskOutcome | undefined;
  /** Names of the S3 operations that it called. */
  calls: string[];
}

interface RunOptions {
  fault?: CallFault | undefined;
  /** Called before each call, with the calls up to it; what it does itself is not counted. */
  between?: (calls: readonly string[]) => unknown;
}

type Values = Readonly<Record<string, unknown>>;

/** A little more than the kit keeps for its answer, so that a silent call is soon over. */
const SHORT_MS = 1001;

/** S3 with the buckets `data` and `versions`, and Secrets Manager; the clients of functions/aws lead to it. */
export async function startActions({ limits }: { limits?: Partial<S3Limits> } = {}) {
  // Which run a call belongs to; a killed one makes no more calls.
  const current = new AsyncLocalStorage<{
    calls: string[];
    isDead: boolean;
    options: RunOptions;
    die: Act;
  }>();
  const intercept: Intercept = async ({ action }, act) => {
    const run = current.getStore();
    if (!run) return act();
    const { calls, options, die } = run;
    if (run.isDead) throw new ConnectionLost();
    calls.push(action);
    const at = calls.length;
    await current.exit(async () => options.between?.(calls));
    return at === options.fault?.at ? strikes[options.fault.kind](act, die) : act();
  };
  const s3 = startS3({ ...(limits && { limits }), intercept });
  const { database, clock } = s3;
  const { handle } = createSecrets({ database, clock, random: createRandom('secrets'), intercept });
  const secrets = new SecretsManagerClient({
    requestHandler: inProcess(handle),
    endpoint: 'http://127.0.0.1:1',
    maxAttempts: 1,
  });
  for (const Bucket of ['data', 'versions']) await s3.client.send(new CreateBucketCommand({ Bucket }));
  await s3.client.send(
    new PutBucketVersioningCommand({
      Bucket: 'versions',
      VersioningConfiguration: { Status: 'Enabled' },
    }),
  );
  const client = s3Client(s3.handle);
  jest.unstable_mockModule(new URL('../../functions/aws/clients.ts', import.meta.url).pathname, () => ({
    s3Client: () => client,
    secretsManagerClient: () => secrets,
  }));

  /** Runs the action that the values name on one object. */
  function run(worker: Worker, object: ObjectVersion, values: Values, options: RunOptions = {}) {
    return new Promise<ActionRun>((resolve, reject) => {
      const state = {
        calls: [] as string[],
        isDead: false,
        options,
        die() {
          state.isDead = true;
          resolve({ outcome: undefined, calls: state.calls });
        },
      };
      const remainingMs = options.fault?.kind === 'silent' ? SHORT_MS : undefined;
      current
        .run(state, () => runAction(worker, object, values, remainingMs))
        .then((outcome) => resolve({ outcome, calls: state.calls }), reject);
    });
  }

  return { ...s3, secrets, run };
}

export type Actions = Awaited<ReturnType<typeof startActions>>;

/** functions/worker.ts as it deploys, with every action switched on. */
export async function shippedWorker(): Promise<Worker> {
  const { declaredActions } = await import('../../functions/worker/actions.ts');
  process.env['WORKER_ACTIONS'] = declaredActions.map(({ name }) => name).join();
  return (await import('../../functions/worker.ts')).handler;
}

export interface ActionCase {
  actions: () => Actions;
  worker: () => Worker;
  /** The arguments, with the action's name. */
  values: Values;
  /** Makes an object under the key. */
  arrange: (key: string) => Promise<ObjectVersion>;
  /** All that is to be seen of the object afterwards, through the SDK. */
  effect: (object: ObjectVersion) => Promise<unknown>;
  /** How it ends for an object that is not there. Default: permanent. */
  whenGone?: TaskOutcome['resultCode'];
  /** The result string of a second run tells that nothing was left to be done. */
  saysOtherwise?: boolean;
}

/** The tests that every action has to pass: run again after whatever happened, it comes to the same. */
export function holdsUp(action: ActionCase): void {
  const { actions, worker, values, arrange, effect, whenGone } = action;
  let count = 0;
  const newObject = () => arrange(`${values['action']}/${++count}`);
  const run = (object: ObjectVersion, fault?: CallFault) =>
    actions().run(worker(), object, values, { fault });

  const asAgain = (outcome: TaskOutcome | undefined) =>
    action.saysOtherwise ? { resultCode: outcome?.resultCode } : outcome;

  /** The effect of an undisturbed run, and how many calls it makes. */
  async function undisturbed() {
    const object = await newObject();
    const { outcome, calls } = await run(object);
    expect(outcome).toMatchObject({ resultCode: 'Succeeded' });
    return { outcome, count: calls.length, effect: await effect(object) };
  }

  /** Strikes each call in turn, runs again undisturbed, and expects the same effect as without the fault. */
  async function survives(kind: CallFault['kind'], check: (outcome: ActionRun['outcome']) => void) {
    const expected = await undisturbed();
    for (let at = 1; at <= expected.count; at++) {
      const object = await newObject();
      check((await run(object, { at, kind })).outcome);
      expect({ at, ...asAgain((await run(object)).outcome) }).toEqual({ at, ...asAgain(expected.outcome) });
      expect({ at, effect: await effect(object) }).toEqual({ at, effect: expected.effect });
    }
  }

  test('run twice is as run once', async () => {
    const object = await newObject();
    const first = await run(object);
    const seen = await effect(object);
    expect(asAgain((await run(object)).outcome)).toEqual(asAgain(first.outcome));
    expect(await effect(object)).toEqual(seen);
  });

  test.each(['killedBefore', 'killedAfter'] as const)('%s any call and run again: as run once', (kind) =>
    survives(kind, (outcome) => expect(outcome).toBeUndefined()),
  );

  test.each(['throttled', 'unavailable', 'tornBefore', 'tornAfter', 'silent'] as const)(
    '%s at any call is temporary, and then fine',
    (kind) => survives(kind, (outcome) => expect(outcome).toMatchObject({ resultCode: 'TemporaryFailure' })),
  );

  test('access denied at any call is permanent', () =>
    survives('denied', (outcome) =>
      expect(outcome).toEqual({ resultCode: 'PermanentFailure', resultString: expect.any(String) }),
    ));

  test('an object that is gone', async () => {
    const object = await newObject();
    await actions().client.send(
      new DeleteObjectCommand({
        Bucket: object.bucket,
        Key: object.key,
        ...(object.versionId && { VersionId: object.versionId }),
      }),
    );
    const { outcome } = await run(object);
    expect(outcome?.resultCode).toBe(whenGone ?? 'PermanentFailure');
  });
}
