import type { Intercept } from '../aws/protocol/action.ts';
import { ConnectionLost } from '../core/aws-error.ts';
import type { EffectOf } from './fault.ts';
import { errorOf } from './fault-errors.ts';
import type { FaultPoint, Faults } from './faults.ts';

export type CallPoint = Exclude<FaultPoint, 'task' | 'job'>;

/** Injects faults into the calls of one service. */
export function callFaults(faults: Faults, service: Exclude<CallPoint, 'lambda'>): Intercept {
  return async ({ action, input }, act) => {
    if (!faults.has(service)) return act();
    const { Bucket, Key, JobId } = (input ?? {}) as Record<string, string | undefined>;
    const { delayMs, effect } = faults.strike(service, { action, bucket: Bucket, key: Key, jobId: JobId });
    if (delayMs > 0) await faults.wait(delayMs);
    return effect ? failCall(service, effect as CallEffect, act) : act();
  };
}

type CallEffect = EffectOf<'throttle' | 'error' | 'disconnect'>;

/** Rejects with the effect's error. With `afterWork`, it first does the work and ignores its result. */
export async function failCall(service: CallPoint, effect: CallEffect, act: () => unknown): Promise<never> {
  if (effect.type !== 'throttle' && effect.afterWork) await finishWork(act);
  throw effect.type === 'disconnect' ? new ConnectionLost() : errorOf(service, effect);
}

/** Does the work and ignores its result or error. */
export async function finishWork(act: () => unknown): Promise<void> {
  const [done] = await Promise.allSettled([(async () => act())()]);
  if (done?.status === 'fulfilled') await dropBody(done.value);
}

/** S3 does not delete the bytes of an answer until a reader has begun to read them. */
async function dropBody(output: unknown): Promise<void> {
  const { Body } = (output ?? {}) as { Body?: AsyncIterable<Uint8Array> | Uint8Array };
  if (Body && Symbol.asyncIterator in Body) for await (const _ of Body) break;
}
