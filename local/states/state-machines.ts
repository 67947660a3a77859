import type * as Sfn from '@aws-sdk/client-sfn';
import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import type { Database } from '../store/database.ts';
import { createDefinitions, type MachineSource } from './calls/definitions.ts';
import { describeExecution } from './calls/describe-execution.ts';
import { createExecutions } from './calls/executions.ts';
import { getExecutionHistory, listExecutions } from './calls/listings.ts';
import { type StatusChangeEvent, statusChangeEvent } from './calls/status-change.ts';
import { loadMachine } from './definition/load-machine.ts';
import { createRunner } from './run/runner.ts';
import type { Services } from './run/task-resource.ts';
import type { Execution } from './store/execution.ts';
import { createExecutionStore, type ExecutionStore } from './store/execution-store.ts';

/** The part of Step Functions that a job needs. The calls throw AwsError with the service's codes. */
export interface StateMachines {
  startExecution(input: Sfn.StartExecutionInput): Sfn.StartExecutionOutput;
  describeExecution(input: Sfn.DescribeExecutionInput): Sfn.DescribeExecutionOutput;
  stopExecution(input: Sfn.StopExecutionInput): Sfn.StopExecutionOutput;
  listExecutions(input: Sfn.ListExecutionsInput): Sfn.ListExecutionsOutput;
  getExecutionHistory(input: Sfn.GetExecutionHistoryInput): Sfn.GetExecutionHistoryOutput;
  describeStateMachine(input: Sfn.DescribeStateMachineInput): Sfn.DescribeStateMachineOutput;
  listStateMachines(): Sfn.ListStateMachinesOutput;
  /** Continues every execution that an earlier process left running. */
  resume(): void;
  /** Stops running executions. They stay RUNNING in the store. */
  stop(): Promise<void>;
}

/** Where executions are kept: in a database, or in a store that a simulation provides. */
type Storage = { database: Database } | { store: ExecutionStore };

export type StateMachinesOptions = Storage &
  Services & {
    clock: Clock;
    random: Random;
    machines: readonly MachineSource[];
    /** Checks and compiles a definition. A caller that starts the same one often can cache the result. */
    load?: typeof loadMachine;
    /** For the time limits of tasks and machines, where the waits of `clock` are sped up; default: `clock`. */
    limits?: Clock;
    onStatusChange?: (event: StatusChangeEvent) => void;
    /** Takes unforeseen errors, each of which ends one execution. Default: the console. */
    log?: (line: string) => void;
  };

/**
 * Runs state machines in this process. Throws for a definition with anything in it that is not implemented.
 * `lambda` and `publish` hold `clock.busy` during work that takes real time. The interpreter itself lets time pass
 * until an answer arrives; otherwise no time limit could be reached on a virtual clock.
 */
export function createStateMachines(options: StateMachinesOptions): StateMachines {
  const { clock, random, lambda, publish, limits = clock, load = loadMachine, onStatusChange } = options;
  const { log = console.error } = options;
  const store = 'store' in options ? options.store : createExecutionStore(options.database);
  const definitions = createDefinitions(options.machines, { store, clock, load });
  const announce = (execution: Execution) =>
    onStatusChange?.(statusChangeEvent(execution, random, clock.now()));
  const services = { lambda, publish };
  const { machineOf } = definitions;
  const runner = createRunner({ store, clock, limits, random, services, machineOf, onClosed: announce, log });
  const onStarted = (execution: Execution) => {
    announce(execution);
    runner.begin(execution);
  };
  const executions = createExecutions({ store, clock, random, onStarted });

  return {
    startExecution(request) {
      const { arn, startedAt } = executions.start(definitions.find(request.stateMachineArn), request);
      return { executionArn: arn, startDate: new Date(startedAt) };
    },
    describeExecution: ({ executionArn, includedData }) =>
      describeExecution(executions.find(executionArn), includedData !== 'METADATA_ONLY', clock.now()),
    stopExecution({ executionArn, error, cause }) {
      const { stoppedAt } = runner.close(executions.find(executionArn), { status: 'ABORTED', error, cause });
      return { stopDate: new Date(stoppedAt ?? clock.now()) };
    },
    listExecutions: (request) =>
      listExecutions(store, definitions.find(request.stateMachineArn).arn, request),
    getExecutionHistory: (request) =>
      getExecutionHistory(store, executions.find(request.executionArn), request),
    describeStateMachine: ({ stateMachineArn }) => definitions.describe(stateMachineArn),
    listStateMachines: () => ({ stateMachines: definitions.list() }),
    resume() {
      for (const execution of store.running()) runner.begin(execution);
    },
    stop: runner.stop,
  };
}
