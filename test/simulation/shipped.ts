import { join } from 'node:path';
import type { EventRule } from '../../local/events/event-rules.ts';
import type { Route } from '../../local/gateway/routes.ts';
import type { Handler } from '../../local/lambda/context.ts';
import { LOCAL_PARAMS } from '../../local/params.ts';
import { readServerlessYml } from '../../local/serverless-yml.ts';
import type { MachineSource } from '../../local/states/calls/definitions.ts';
import { loadMachine } from '../../local/states/definition/load-machine.ts';
import type { Actions } from './calls.ts';

const root = join(import.meta.dirname, '../..');

export interface ShippedFunction {
  handler: Handler;
  timeoutSeconds: number;
}

/** The deployed parts that a run uses. */
export interface Shipped {
  machine: MachineSource;
  /** By deployed name. */
  functions: ReadonlyMap<string, ShippedFunction>;
  routes: readonly Route[];
  rules: readonly EventRule[];
  load: typeof loadMachine;
  /** Changes the calls between the functions and AWS; only for planted bugs. */
  between?: (actions: Actions) => Actions;
}

/** Reads serverless.yml and imports the handlers. Replace functions/aws/clients.ts first. */
export async function loadShipped(): Promise<Shipped> {
  const file = join(root, 'serverless.yml');
  const stack = readServerlessYml({ file, apiUrl: 'http://localhost:3000', params: LOCAL_PARAMS });
  const functions = new Map<string, ShippedFunction>();
  for (const { name, bundle, timeoutSeconds, environment } of stack.functions) {
    if (bundle === 'worker') continue;
    Object.assign(process.env, environment, { POWERTOOLS_LOG_LEVEL: 'SILENT' });
    const { handler } = (await import(join(root, 'functions', `${bundle}.ts`))) as { handler: Handler };
    functions.set(name, { handler, timeoutSeconds });
  }
  const [machine] = stack.stateMachines;
  if (!machine) throw new Error('serverless.yml has no state machine');
  return { machine, functions, routes: stack.routes, rules: stack.rules, load: loadOnce() };
}

/** Compiles each definition once for all runs. */
function loadOnce(): typeof loadMachine {
  const loaded = new Map<string, ReturnType<typeof loadMachine>>();
  return (name, definition) => {
    const machine = loaded.get(definition) ?? loadMachine(name, definition);
    loaded.set(definition, machine);
    return machine;
  };
}
