import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { Machine } from '../definition/machine.ts';
import { createFunctions } from '../expressions/functions.ts';
import type { Closing, Execution } from '../store/execution.ts';
import type { ExecutionStore } from '../store/execution-store.ts';
import { createJournal } from './journal.ts';
import { contextOf, type Run } from './run.ts';
import { runExecution } from './run-execution.ts';
import type { Services } from './task-resource.ts';

export interface RunnerOptions {
  store: ExecutionStore;
  clock: Clock;
  limits: Clock;
  random: Random;
  services: Services;
  machineOf: (execution: Execution) => Machine;
  /** Called after an execution was closed. */
  onClosed: (execution: Execution) => void;
}

interface Running {
  execution: Execution;
  abort: AbortController;
  done: Promise<void>;
}

/** Runs executions, any number at once, and ends those that are stopped or out of time. */
export function createRunner(options: RunnerOptions) {
  const { store, clock, limits, random, machineOf, onClosed } = options;
  const functions = createFunctions(clock, random);
  const runs = new Map<number, Running>();
  let stopped = false;

  const begin = (started: Execution): void => {
    if (stopped || runs.has(started.id)) return;
    const abort = new AbortController();
    const run: Run = {
      ...options,
      execution: started,
      context: contextOf(started),
      machine: machineOf(started),
      journal: createJournal(started, store, clock, abort.signal),
      functions,
      signal: abort.signal,
    };
    const done = runToEnd(run).finally(() => {
      runs.delete(started.id);
      abort.abort('over');
    });
    runs.set(started.id, { execution: started, abort, done });
  };

  const runToEnd = async (run: Run) => {
    const { execution, machine, signal } = run;
    const left = execution.startedAt + machine.timeoutSeconds * 1000 - limits.now();
    const timeUp = limits.sleep(Math.max(0, left), signal).then(
      () => close(execution, { status: 'TIMED_OUT' }),
      () => {},
    );
    await runExecution(run);
    if (signal.aborted) await timeUp;
    else onClosed(execution);
  };

  /** Ends an execution from outside. One that has ended is returned unchanged. */
  const close = (asStored: Execution, closing: Closing): Execution => {
    const running = runs.get(asStored.id);
    const execution = running?.execution ?? asStored;
    if (execution.status !== 'RUNNING') return execution;
    running?.abort.abort();
    createJournal(execution, store, clock).close(closing);
    onClosed(execution);
    return execution;
  };

  return {
    begin,
    close,
    /** Stops running executions without ending them. */
    async stop(): Promise<void> {
      stopped = true;
      const stopping = [...runs.values()];
      for (const { abort } of stopping) abort.abort();
      await Promise.all(stopping.map(({ done }) => done));
    },
  };
}
