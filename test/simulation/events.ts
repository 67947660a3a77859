import type { Clock } from '../../local/core/clock.ts';
import { type EventRule, matchesPattern } from '../../local/events/event-rules.ts';
import type { StatusChangeEvent } from '../../local/states/calls/status-change.ts';
import type { Dice } from './dice.ts';
import type { Functions } from './functions.ts';
import type { Trace } from './trace.ts';
import type { Track } from './tracker.ts';

/** Lambda retries an event whose function failed: after one minute, and after two more minutes. */
const PAUSES_SECONDS = [0, 60, 120];
/** While Lambda itself fails, the event waits; that is not an attempt. */
const LONGEST_PAUSE_SECONDS = 300;

/** EventBridge with the shipped rules: delivers each event at least once. The last attempt has no fault. */
export function createEvents(options: {
  rules: readonly EventRule[];
  functions: Functions;
  dice: Dice;
  clock: Clock;
  track: Track;
  trace: Trace;
}): { put(event: StatusChangeEvent): void } {
  const { rules, functions, dice, clock, track, trace } = options;

  /** One attempt that reached the function; undefined when it succeeded. */
  const attempt = async (functionName: string, payload: string, isSpared: boolean) => {
    for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE_SECONDS)) {
      try {
        const { functionError } = await functions.call(functionName, payload, { isSpared });
        return functionError;
      } catch {
        await clock.sleep(pause * 1000);
      }
    }
  };

  const deliver = async (functionName: string, payload: string): Promise<void> => {
    await clock.sleep(dice.whole(0, 2000));
    for (const [i, pause] of PAUSES_SECONDS.entries()) {
      await clock.sleep(pause * 1000);
      if (!(await attempt(functionName, payload, i === PAUSES_SECONDS.length - 1))) return;
    }
    trace(() => ['event dropped', functionName]);
  };

  return {
    put(event) {
      for (const { pattern, functionName } of rules) {
        if (!matchesPattern(pattern, { ...event })) continue;
        const payload = JSON.stringify(event);
        void track(deliver(functionName, payload));
        if (dice.chance(0.1)) void track(deliver(functionName, payload));
      }
    },
  };
}
