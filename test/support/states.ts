import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { AwsError } from '../../local/core/aws-error.ts';
import { type VirtualClock, virtualClock } from '../../local/core/clock.ts';
import { createRandom, type Random } from '../../local/core/random.ts';
import type { Lambda, LambdaAnswer } from '../../local/lambda/lambda.ts';
import type { StatusChangeEvent } from '../../local/states/calls/status-change.ts';
import type { Publish } from '../../local/states/run/task-resource.ts';
import { createStateMachines, type StateMachines } from '../../local/states/state-machines.ts';
import { type Database, openDatabase } from '../../local/store/database.ts';

export const START = Date.parse('2026-01-01T00:00:00Z');
export const MACHINE_ARN = 'arn:aws:states:us-east-1:000000000000:stateMachine:test';
export const ROLE_ARN = 'arn:aws:iam::000000000000:role/states';
export const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

export type States = Record<string, object>;

/** A definition that starts with the first of the states. */
export const definitionOf = (states: States, members: object = {}): string =>
  JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...members });

/** Functions by name. A returned value is the result, a thrown Error fails with its name. */
export type Handlers = Record<string, (event: never) => unknown>;

export const fakeLambda = (handlers: Handlers): Lambda => ({
  async invoke(arn, payload): Promise<LambdaAnswer> {
    const handler = handlers[arn.split(':')[6] ?? ''];
    if (!handler) throw new AwsError('ResourceNotFoundException', 404, `Function not found: ${arn}`);
    try {
      return { payload: JSON.stringify((await handler(JSON.parse(payload) as never)) ?? null) };
    } catch (error) {
      if (!(error instanceof Error) || error instanceof AwsError) throw error;
      const { name: errorType, message: errorMessage } = error;
      return { payload: JSON.stringify({ errorType, errorMessage }), functionError: 'Unhandled' };
    }
  },
});

/** An error that a function throws. Step Functions uses its name. */
export const named = (name: string, message = ''): Error => Object.assign(new Error(message), { name });

export interface Workbench {
  clock: VirtualClock;
  stateMachines: StateMachines;
  /** Status changes so far. */
  changes: StatusChangeEvent['detail'][];
  start(input?: unknown, name?: string): string;
  /** Lets time pass until the execution has ended. */
  untilEnd(executionArn: string): Promise<void>;
}

export interface WorkbenchOptions {
  definition: string;
  handlers?: Handlers;
  /** Replaces the handlers. */
  lambda?: Lambda;
  publish?: Publish;
  database?: Database;
  seed?: string;
  /** Replaces the seed. */
  random?: Random;
  clock?: VirtualClock;
}

/** State machines on a virtual clock, with one machine named `test`. */
export function createWorkbench(options: WorkbenchOptions): Workbench {
  const { definition, handlers = {}, clock = virtualClock(START) } = options;
  const changes: Workbench['changes'] = [];
  const waiting = new Map<string, () => void>();
  const stateMachines = createStateMachines({
    database: options.database ?? openDatabase(),
    clock,
    random: options.random ?? createRandom(options.seed ?? 'seed'),
    lambda: options.lambda ?? fakeLambda(handlers),
    publish: options.publish ?? (async () => ({ MessageId: 'message' })),
    machines: [{ name: 'test', definition, roleArn: ROLE_ARN }],
    onStatusChange({ detail }) {
      changes.push(detail);
      if (detail.status !== 'RUNNING') waiting.get(detail.executionArn)?.();
    },
  });
  return {
    clock,
    stateMachines,
    changes,
    start(input = {}, name) {
      const request = { stateMachineArn: MACHINE_ARN, input: JSON.stringify(input), ...(name && { name }) };
      return stateMachines.startExecution(request).executionArn ?? '';
    },
    async untilEnd(executionArn) {
      if (stateMachines.describeExecution({ executionArn }).status !== 'RUNNING') return;
      await clock.runUntil(new Promise<void>((resolve) => waiting.set(executionArn, resolve)));
    },
  };
}

export interface Outcome {
  status: string | undefined;
  output: unknown;
  error: string | undefined;
  cause: string | undefined;
  events: HistoryEvent[];
  types: (string | undefined)[];
  /** Seconds from start to end. */
  seconds: number;
}

/** The whole history, page by page. */
export function historyOf(stateMachines: StateMachines, executionArn: string): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = stateMachines.getExecutionHistory({ executionArn, maxResults: 1000, nextToken });
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return events;
}

export function outcomeOf(stateMachines: StateMachines, executionArn: string): Outcome {
  const { status, output, error, cause, startDate, stopDate } = stateMachines.describeExecution({
    executionArn,
  });
  const events = historyOf(stateMachines, executionArn);
  return {
    status,
    output: output === undefined ? undefined : JSON.parse(output),
    error,
    cause,
    events,
    types: events.map(({ type }) => type),
    seconds: (Number(stopDate) - Number(startDate)) / 1000,
  };
}

/** Runs one execution of a machine to its end. */
export async function runMachine(options: WorkbenchOptions, input: unknown = {}): Promise<Outcome> {
  const bench = createWorkbench(options);
  const arn = bench.start(input, 'one');
  await bench.untilEnd(arn);
  return outcomeOf(bench.stateMachines, arn);
}
