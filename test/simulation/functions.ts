import type { Clock } from '../../local/core/clock.ts';
import { failCall } from '../../local/faults/call-faults.ts';
import { exited, returned, thrown, timedOut } from '../../local/lambda/answers.ts';
import { invocationContext } from '../../local/lambda/context.ts';
import { parseFunctionName } from '../../local/lambda/function-name.ts';
import type { Lambda, LambdaAnswer } from '../../local/lambda/lambda.ts';
import { type Caller, callers } from './calls.ts';
import type { Dice } from './dice.ts';
import type { Faults } from './faults.ts';
import type { ShippedFunction } from './shipped.ts';
import type { Trace } from './trace.ts';
import type { Track } from './tracker.ts';

export interface Functions extends Lambda {
  /** Like `invoke`; with `isSpared` no faults are drawn. */
  call(functionName: string, payload: string, options: { isSpared: boolean }): Promise<LambdaAnswer>;
}

const MEMORY_MB = 512;

/** Handlers wait for their timeout on the real clock, so it must never end. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Lambda with the shipped handlers, and faults at each invocation: functions are killed, hang or start late. */
export function createFunctions(options: {
  functions: ReadonlyMap<string, ShippedFunction>;
  faults: Faults;
  dice: Dice;
  clock: Clock;
  /** Tracks each invocation until its work has ended. */
  track: Track;
  trace: Trace;
}): Functions {
  const { functions, faults, dice, clock, track, trace } = options;

  const run = async (functionName: string, payload: string, isSpared: boolean): Promise<LambdaAnswer> => {
    const named = parseFunctionName(functionName);
    const shipped = functions.get(named.name);
    if (!shipped) throw new Error(`there is no function ${named.name}`);
    const requestId = dice.random.uuid();
    const { handler, timeoutSeconds } = shipped;
    const context = invocationContext(named, requestId, MEMORY_MB, () => LONGEST_TIMER_MS);
    const ended = Promise.withResolvers<'killed' | 'hangs'>();
    const caller: Caller = { isSpared, end: ended.resolve };
    const work = callers
      .run(caller, async () => handler(JSON.parse(payload), context))
      .then(returned, thrown);
    const answer = await Promise.race([work, ended.promise]);
    if (answer === 'killed') return exited(requestId, 'signal: killed');
    if (answer !== 'hangs') return answer;
    await clock.sleep(timeoutSeconds * 1000);
    return timedOut(requestId, timeoutSeconds);
  };

  const meet = async (functionName: string, payload: string, isSpared: boolean): Promise<LambdaAnswer> => {
    const fault = faults.draw('lambda', 'Invoke', { isSpared });
    trace(() => ['invoke', functionName.split('-local-')[1], payload, fault]);
    const work = () => run(functionName, payload, isSpared);
    if (!fault) return work();
    switch (fault.type) {
      case 'killed':
        if (fault.afterWork) await work();
        return exited(dice.random.uuid(), 'signal: killed');
      case 'hangs':
        if (fault.afterWork) await work();
        await clock.sleep((functions.get(parseFunctionName(functionName).name)?.timeoutSeconds ?? 0) * 1000);
        return timedOut(dice.random.uuid(), 30);
      case 'slow':
        return inTime(clock, fault, work);
      default:
        return failCall('lambda', fault, work);
    }
  };

  const call: Functions['call'] = async (functionName, payload, { isSpared }) => {
    const answer = await track(meet(functionName, payload, isSpared));
    trace(() => ['answer', functionName.split('-local-')[1], answer]);
    return answer;
  };
  return { call, invoke: (functionName, payload) => call(functionName, payload, { isSpared: false }) };
}

/** Delays the work or the answer. */
export async function inTime<T>(
  clock: Clock,
  { seconds, afterWork }: { seconds: number; afterWork: boolean },
  work: () => T | Promise<T>,
): Promise<T> {
  if (!afterWork) await clock.sleep(seconds * 1000);
  const result = await work();
  if (afterWork) await clock.sleep(seconds * 1000);
  return result;
}
