/**
 * Actions of the worker against an S3 in this process, with faults at the n-th call. In a test file:
 *
 *   const actions = await startActions();      // before anything that imports functions/aws
 *   const worker = await shippedWorker();      // functions/worker.ts as deployed, with every action enabled
 *   const { outcome, calls } = await actions.run(worker, object, { action: 'merge-tags', tags: { a: 'b' } });
 *   await actions.run(worker, object, values, { at: 2, kind: 'killedAfter' });
 *
 *   describe('merge-tags', () => isIdempotent({ run: …, values: …, arrange: …, effect: … }));   // every fault at every call
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

/** What happens to a call and its caller. `After`: S3 has executed the call. */
const faults = {
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
  /** The number of the call that fails, from 1. */
  at: number;
  kind: keyof typeof faults;
}

export interface ActionRun {
  /** Undefined if the action was killed. */
  outcome: TaskOutcome | undefined;
  /** Names of the S3 operations that it called. */
  calls: string[];
}

interface RunOptions {
  fault?: CallFault | undefined;
  /** Runs before each call, with the names of the calls so far. Its own calls are not counted. */
  between?: (calls: readonly string[]) => unknown;
}

type Values = Readonly<Record<string, unknown>>;

/** Slightly more than the kit reserves for its answer, so that a silent call ends soon. */
const SHORT_MS = 1001;

/** S3 with the buckets `data` and `versions`, and Secrets Manager, for the clients of functions/aws. */
export async function startActions({ limits }: { limits?: Partial<S3Limits> } = {}) {
  // The run that a call belongs to; a killed run makes no more calls.
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
    return at === options.fault?.at ? faults[options.fault.kind](act, die) : act();
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

/** functions/worker.ts as deployed, with every action enabled. */
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
  /** Everything that can be read of the object afterwards, through the SDK. */
  effect: (object: ObjectVersion) => Promise<unknown>;
  /** The result code for an object that does not exist. Default: permanent. */
  whenGone?: TaskOutcome['resultCode'];
  /** The result string of a second run differs, because nothing is left to do. */
  hasOtherResultAgain?: boolean;
}

/** Objects of this test file. No key is a prefix of another, because uploads are listed by prefix. */
let objects = 0;

/** The tests that every action must pass: after any fault, a second run gives the same effect as one run. */
export function isIdempotent(action: ActionCase): void {
  const { actions, worker, values, arrange, effect, whenGone } = action;
  const newObject = () => arrange(`${++objects}/${values['action']}`);
  const run = (object: ObjectVersion, fault?: CallFault) =>
    actions().run(worker(), object, values, { fault });

  const asAgain = (outcome: TaskOutcome | undefined) =>
    action.hasOtherResultAgain ? { resultCode: outcome?.resultCode } : outcome;

  /** The effect of a run without a fault, and its number of calls. */
  async function runWithoutFault() {
    const object = await newObject();
    const { outcome, calls } = await run(object);
    expect(outcome).toMatchObject({ resultCode: 'Succeeded' });
    return { outcome, count: calls.length, effect: await effect(object) };
  }
  let withoutFault: ReturnType<typeof runWithoutFault> | undefined;

  /** What S3 executed in the runs after which a second run has succeeded. */
  const survived = new Set<string>();

  /**
   * Fails each call in turn, runs again without a fault, and expects the same effect as without the fault. It does not
   * run again where another kind of fault has left S3 in the same state.
   */
  async function survives(kind: CallFault['kind'], check: (outcome: ActionRun['outcome']) => void) {
    withoutFault ??= runWithoutFault();
    const expected = await withoutFault;
    for (let at = 1; at <= expected.count; at++) {
      const object = await newObject();
      const { outcome, calls } = await run(object, { at, kind });
      check(outcome);
      const executed = `${calls} ${kind.endsWith('After') || `without ${at}`}`;
      if (survived.has(executed)) continue;
      survived.add(executed);
      expect({ at, ...asAgain((await run(object)).outcome) }).toEqual({ at, ...asAgain(expected.outcome) });
      expect({ at, effect: await effect(object) }).toEqual({ at, effect: expected.effect });
    }
  }

  test('has the same effect when it runs twice', async () => {
    const object = await newObject();
    const first = await run(object);
    const once = await effect(object);
    expect(asAgain((await run(object)).outcome)).toEqual(asAgain(first.outcome));
    expect(await effect(object)).toEqual(once);
  });

  test.each(['killedBefore', 'killedAfter'] as const)(
    'has the same effect when it runs again after it was %s any call',
    (kind) => survives(kind, (outcome) => expect(outcome).toBeUndefined()),
  );

  test.each(['throttled', 'unavailable', 'tornBefore', 'tornAfter', 'silent'] as const)(
    'fails temporarily when any call is %s, and succeeds afterwards',
    (kind) => survives(kind, (outcome) => expect(outcome).toMatchObject({ resultCode: 'TemporaryFailure' })),
  );

  test('fails permanently when any call is denied', () =>
    survives('denied', (outcome) =>
      expect(outcome).toEqual({ resultCode: 'PermanentFailure', resultString: expect.any(String) }),
    ));

  test('reports an object that does not exist', async () => {
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
