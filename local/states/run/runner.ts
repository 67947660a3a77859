import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import { DISK_FULL_PAUSE_MS, untilRoom } from '../../store/disk-full.ts';
import type { Machine } from '../definition/machine.ts';
import { createFunctions } from '../expressions/functions.ts';
import type { Closing, Execution } from '../store/execution.ts';
import type { ExecutionStore } from '../store/execution-store.ts';
import { createJournal } from './journal.ts';
import { contextOf, type Run, whileIn } from './run.ts';
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
  /** Takes errors that nothing foresaw. */
  log: (line: string) => void;
}

interface Running {
  execution: Execution;
  abort: AbortController;
  done: Promise<void>;
}

/** Runs executions, any number at once, and ends those that are stopped or out of time. */
export function createRunner(options: RunnerOptions) {
  const { store, clock, limits, random, machineOf, onClosed, log } = options;
  const functions = createFunctions(clock, random);
  const runs = new Map<number, Running>();
  let stopped = false;

  const begin = (started: Execution): void => {
    if (stopped || runs.has(started.id)) return;
    const abort = new AbortController();
    const running: Running = { execution: started, abort, done: Promise.resolve() };
    runs.set(started.id, running);
    running.done = runToEnd(running)
      .catch((error: unknown) => fail(running, error))
      .finally(() => {
        runs.delete(started.id);
        abort.abort('over');
      });
  };

  const runOf = (execution: Execution, signal: AbortSignal): Run => ({
    ...options,
    execution,
    context: contextOf(execution),
    machine: machineOf(execution),
    journal: createJournal(execution, store, clock, signal),
    functions,
    signal,
  });

  /** After a full disk, the execution is resumed from its last commit, as after a restart. */
  const runToEnd = async (running: Running) => {
    const { signal } = running.abort;
    const { arn } = running.execution;
    let run = runOf(running.execution, signal);
    const timeUp = endInTime(running, run.machine.timeoutSeconds);
    const pause = async () => {
      await limits.sleep(DISK_FULL_PAUSE_MS, signal);
      running.execution = store.find(arn) ?? running.execution;
      run = runOf(running.execution, signal);
    };
    try {
      await untilRoom(() => runExecution(run), pause);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    if (signal.aborted) await timeUp;
    else onClosed(running.execution);
  };

  /** Ends the execution at the time limit of its machine, unless it has ended before. */
  const endInTime = async ({ execution, abort: { signal } }: Running, timeoutSeconds: number) => {
    const end = execution.startedAt + timeoutSeconds * 1000;
    try {
      await limits.sleep(Math.max(0, end - limits.now()), signal);
      await untilRoom(
        () => void close(execution, { status: 'TIMED_OUT' }),
        () => limits.sleep(DISK_FULL_PAUSE_MS, signal),
      );
    } catch (error) {
      if (!signal.aborted) logError(execution, error);
    }
  };

  const logError = ({ arn }: Execution, error: unknown) =>
    log(`${arn}: ${(error as Error | undefined)?.stack ?? String(error)}`);

  /** Ends an execution because of an unforeseen error. The error must not come back at the next start. */
  const fail = ({ execution, abort: { signal } }: Running, error: unknown): void => {
    logError(execution, error);
    if (signal.aborted) return;
    try {
      const stored = store.find(execution.arn) ?? execution;
      if (stored.status !== 'RUNNING') return;
      const cause = `${stored.position ? whileIn(stored.position) : ''}Unexpected error: ${String(error)}`;
      createJournal(stored, store, clock).close({ status: 'FAILED', error: 'States.Runtime', cause });
      onClosed(stored);
    } catch (failure) {
      logError(execution, failure);
    }
  };

  /** Ends an execution from outside. One that has ended is returned unchanged. */
  const close = (asStored: Execution, closing: Closing): Execution => {
    const running = runs.get(asStored.id);
    const execution = running?.execution ?? asStored;
    if (execution.status !== 'RUNNING') return execution;
    createJournal(execution, store, clock).close(closing);
    running?.abort.abort();
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
