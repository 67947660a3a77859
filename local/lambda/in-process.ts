import type { Clock } from '../core/clock.ts';
import { createRandom, type Random } from '../core/random.ts';
import { returned, thrown } from './answers.ts';
import { type Handler, invocationContext } from './context.ts';
import { functionNotFound, parseFunctionName } from './function-name.ts';
import type { Lambda } from './lambda.ts';

/** Time limit that no invocation reaches: the clock stands still while a handler runs. */
const TIME_LEFT_MS = 30_000;
const MEMORY_MB = 512;

/**
 * Runs handlers as plain functions in this thread, for simulations: events and results pass through JSON, errors are
 * answered as Lambda answers them. A virtual clock stands still while a handler runs.
 */
export function createInProcessLambda({
  functions,
  clock,
  random = createRandom('in-process'),
}: {
  /** By function name. */
  functions: Readonly<Record<string, Handler>>;
  clock: Clock;
  random?: Random;
}): Lambda {
  return {
    invoke: (functionName, payload) =>
      clock.busy(async () => {
        const named = parseFunctionName(functionName);
        const handler = functions[named.name];
        if (!handler) throw functionNotFound(named.arn);
        const context = invocationContext(named, random.uuid(), MEMORY_MB, () => TIME_LEFT_MS);
        try {
          return returned(await handler(JSON.parse(payload), context));
        } catch (error) {
          return thrown(error);
        }
      }),
  };
}
