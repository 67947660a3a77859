import { createHash } from 'node:crypto';
import { type VirtualClock, virtualClock } from '../../local/core/clock.ts';
import { failCall } from '../../local/faults/call-faults.ts';
import { createGateway } from '../../local/gateway/gateway.ts';
import type { StatusChangeEvent } from '../../local/states/calls/status-change.ts';
import type { Publish } from '../../local/states/run/task-resource.ts';
import { type Actions, createClients, directTransport, type Transport } from './calls.ts';
import { useClients } from './clients.ts';
import { createDice } from './dice.ts';
import { createEvents } from './events.ts';
import { createFaults, type Faults } from './faults.ts';
import { createFunctions, inTime } from './functions.ts';
import { createInterpreter } from './interpreter.ts';
import { createMemoryStore, type KeptExecution } from './memory-store.ts';
import { type Answer, type Cancelled, createPeople, type Submitted } from './people.ts';
import { drawPlan, type Plan, START } from './plan.ts';
import type { Shipped } from './shipped.ts';
import type { Trace } from './trace.ts';
import { createTracker, type Track } from './tracker.ts';
import type { Job } from './world/job.ts';
import { createS3Model } from './world/s3.ts';
import { createS3ControlModel } from './world/s3-control.ts';
import { createTopic, type Delivered } from './world/topic.ts';

/** The result of one run. Times are milliseconds since the epoch. */
export interface JobRun {
  name: string;
  plan: Plan;
  startedAt: number;
  endedAt: number;
  jobs: readonly Job[];
  delivered: readonly Delivered[];
  executions: readonly KeptExecution[];
  answers: readonly Submitted[];
  cancelled: readonly Cancelled[];
  /** The last answer of GET /jobs/{id} for each execution, in their order. */
  shown: readonly Answer[];
  struck: ReadonlyMap<string, number>;
  /** Calls that the models of AWS do not know. */
  unknownCalls: ReadonlySet<string>;
  /** The clock's error when no timer was left although something had not ended. */
  stuck?: string;
}

export interface JobRunOptions {
  /** Default: drawn from the name. */
  plan?: Plan;
  /** Default: the models are called directly. */
  transport?: (actions: Actions, clock: VirtualClock) => Transport;
  /** Receives everything that happens, with the seconds since the start. */
  onTrace?: (seconds: number, what: readonly unknown[]) => void;
}

/** Runs one job request from POST /jobs to its end with the shipped state machine and handlers. The name determines all. */
export async function runJob(name: string, shipped: Shipped, options: JobRunOptions = {}): Promise<JobRun> {
  const { stack, clock, rest, unknownCalls } = createStack(name, shipped, options);
  // Functions answer with the stacks of errors, which differ between machines.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const { plan, s3control, topic, store, people, faults, interpreter, track } = stack;
  void track(people.begin());
  for (const { atSeconds, downSeconds } of plan.restarts)
    void track(clock.sleep(atSeconds * 1000).then(() => interpreter.restart(downSeconds)));
  const stuck = await clock.runUntil(rest).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  faults.stop();
  const shown: Answer[] = [];
  for (const { execution } of store.kept) shown.push(await clock.runUntil(people.read(execution.name)));
  useClients(undefined);
  await interpreter.stop();
  Error.stackTraceLimit = stackTraceLimit;
  return {
    name,
    plan,
    startedAt: START,
    endedAt: clock.now(),
    jobs: s3control.jobs,
    delivered: topic.delivered,
    executions: store.kept,
    answers: people.answers,
    cancelled: people.cancelled,
    shown,
    struck: faults.struck,
    unknownCalls,
    ...(stuck !== undefined && { stuck }),
  };
}

function createStack(
  name: string,
  shipped: Shipped,
  { plan = drawPlan(name), transport = directTransport, onTrace }: JobRunOptions,
) {
  const clock = virtualClock(START);
  const dice = createDice(`run ${name}`);
  const trace: Trace = (what) => onTrace?.((clock.now() - START) / 1000, what());
  const { track, rest } = createTracker();
  const common = { plan, dice, clock, track, trace };

  const faults = createFaults(plan, dice, clock);
  const s3control = createS3ControlModel(plan, clock, dice.random, (arn) => s3.textOf(arn));
  const s3 = createS3Model(plan, clock, s3control.jobs);
  const topic = createTopic(clock, dice.random, (delivered) => {
    trace(() => ['notice', delivered.subject, delivered.notice]);
    people.hear(delivered);
  });
  const functions = createFunctions({ ...common, functions: shipped.functions, faults });
  const events = createEvents({ ...common, rules: shipped.rules, functions });
  const store = createMemoryStore();
  const interpreter = createInterpreter({
    name,
    shipped,
    store,
    clock,
    lambda: functions,
    publish: faultyPublish(topic.Publish, faults, clock),
    onStatusChange: followExecutions(track, (event) => {
      trace(() => ['execution', event.detail.status, event.detail.error]);
      events.put(event);
    }),
  });
  const api = createGateway({
    routes: shipped.routes,
    lambda: functions,
    clock: { ...clock, now: () => clock.now() + plan.service.apiSkewSeconds * 1000 },
    random: dice.random,
  });
  const people = createPeople({ ...common, api, s3control, abort: interpreter.abort });
  const models: Actions = {
    s3control: s3control.actions,
    s3: s3.actions,
    states: interpreter.actions,
    sns: { Publish: topic.Publish },
  };
  const actions = shipped.between?.(models) ?? models;
  const unknownCalls = new Set<string>();
  useClients(
    createClients({
      ...common,
      actions,
      transport: transport(actions, clock),
      faults,
      latencyMs: plan.latencyMs,
      onUnknown: (call) => unknownCalls.add(call),
    }),
  );
  const stack = { plan, s3control, topic, store, people, faults, interpreter, track };
  return { clock, rest, unknownCalls, stack };
}

/** The sns:publish of the state machine, with the faults of the run. */
const faultyPublish =
  (
    publish: (input: Parameters<Publish>[0]) => Awaited<ReturnType<Publish>>,
    faults: Faults,
    clock: VirtualClock,
  ): Publish =>
  async (input) => {
    const act = () => publish(input);
    const fault = faults.draw('sns', 'sns:publish');
    if (fault?.type === 'slow') return inTime(clock, fault, act);
    if (fault?.type === 'killed' || fault?.type === 'hangs') throw new Error('no function publishes here');
    return fault ? failCall('sns', fault, act) : act();
  };

/** A run is not over while an execution runs. */
function followExecutions(
  track: Track,
  onStatusChange: (event: StatusChangeEvent) => void,
): (event: StatusChangeEvent) => void {
  const ends = new Map<string, () => void>();
  return (event) => {
    const { executionArn, status } = event.detail;
    if (status === 'RUNNING') void track(new Promise<void>((resolve) => ends.set(executionArn, resolve)));
    onStatusChange(event);
    if (status !== 'RUNNING') ends.get(executionArn)?.();
  };
}

/** A hash of everything that a run produced; equal seeds have equal hashes. */
export function fingerprint({ executions, delivered, answers }: JobRun): string {
  const left = executions.map(({ execution, events }) => [execution.status, execution.output, events]);
  return createHash('sha256')
    .update(JSON.stringify([left, delivered, answers]))
    .digest('hex');
}
