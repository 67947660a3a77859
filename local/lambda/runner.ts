import { AwsError } from '../core/aws-error.ts';
import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import { exceeds, MAX_REQUEST_BYTES } from './answers.ts';
import { createEnvironment, type Environment, type LambdaFunction } from './environment.ts';
import { functionNotFound, parseFunctionName } from './function-name.ts';
import type { Lambda } from './lambda.ts';

export interface LambdaRunner extends Lambda {
  /** Ends all threads. Pending invocations are answered as killed. */
  close(): Promise<void>;
}

/**
 * Runs bundles as Lambda does, each function in a thread of its own that starts at its first invocation. Time limits
 * follow `clock`, so it must run at the speed of the machine's clock.
 */
export function createLambda({
  functions,
  clock,
  random,
  onLog = () => {},
}: {
  functions: readonly LambdaFunction[];
  clock: Clock;
  random: Random;
  /** Gets what the functions print: the function's name and a piece of text. */
  onLog?: (functionName: string, text: string) => void;
}): LambdaRunner {
  const definitions = new Map(functions.map((definition) => [definition.name, definition]));
  // Nearly all callers name a function in one of these ways; parsing a name is slow.
  const asNamed = new Map(
    functions.flatMap((definition) => [definition.name, definition.arn].map((name) => [name, definition])),
  );
  const environments = new Map<string, Environment>();

  const environmentOf = (definition: LambdaFunction): Environment => {
    const { name } = definition;
    const running = environments.get(name);
    if (running?.alive) return running;
    const started = createEnvironment(definition, clock, (text) => onLog(name, text));
    environments.set(name, started);
    return started;
  };

  return {
    async invoke(functionName, payload) {
      const { name, arn } = asNamed.get(functionName) ?? parseFunctionName(functionName);
      const definition = definitions.get(name);
      if (!definition) throw functionNotFound(arn);
      if (exceeds(payload, MAX_REQUEST_BYTES)) throw requestTooLarge();
      return clock.busy(() => environmentOf(definition).invoke(random.uuid(), arn, payload));
    },
    async close() {
      await Promise.all([...environments.values()].map((environment) => environment.close()));
    },
  };
}

const requestTooLarge = () =>
  new AwsError(
    'RequestTooLargeException',
    413,
    `Request must be smaller than ${MAX_REQUEST_BYTES} bytes for the InvokeFunction operation`,
  );
