import { type Clock, turn } from '../../core/clock.ts';
import type { ManifestPosition } from '../manifest/manifest.ts';
import type { ObjectStore } from '../object-store.ts';
import type { Operation, Task } from '../operations/operation.ts';
import { createFlight } from './flight.ts';
import type { Hold } from './hold.ts';
import type { Pace } from './pace.ts';
import type { Recorder } from './recorder.ts';
import type { SliceBudget } from './slice.ts';

export interface WindowRun {
  operation: Operation;
  recorder: Recorder;
  objects: ObjectStore;
  clock: Clock;
  hold: Hold;
  budget: SliceBudget;
  pace: Pace;
  /** Aborted when no further task is to start; those under way are waited for. */
  signal: AbortSignal;
  /** Aborted when the engine stops: tasks under way are given up, and run again at the next start. */
  stopping: AbortSignal;
}

/**
 * Runs the tasks in slices: each is one transaction with the effects of its tasks, their outcomes and the job's
 * progress. When all are done the job's position moves to `end`, if there is one. Returns whether all were done.
 */
export async function runWindow(
  tasks: readonly Task[],
  end: ManifestPosition | undefined,
  run: WindowRun,
): Promise<boolean> {
  const { recorder, budget, pace, signal, stopping } = run;
  const flight = createFlight(run.operation, recorder);
  let next = 0;

  const hasMore = () => next < tasks.length && !signal.aborted && !recorder.isOverThreshold;

  function commitSlice(count: number): void {
    flight.land();
    for (const last = next + count; next < last && hasMore() && !flight.isFull; ) {
      flight.start(tasks[next++] as Task);
    }
    recorder.commit(run.clock.now(), next === tasks.length && flight.isEmpty ? end : undefined);
  }

  function runSlice(): void {
    const first = next;
    const startMs = performance.now();
    run.objects.transaction(() => commitSlice(Math.min(budget.tasks, pace.allowance)));
    // Tasks under way bound a slice by themselves, and their time is not that of the slice.
    if (flight.isEmpty) budget.adapt(next - first, performance.now() - startMs);
    pace.spend(next - first);
  }

  /** Resolves when there is something to do again: a task to start or an outcome to record. */
  function untilNextSlice(): Promise<unknown> | undefined {
    if (!hasMore() || flight.isFull) return flight.nextLanding(stopping);
    if (pace.allowance > 0) return undefined;
    return flight.isEmpty ? pace.ready() : Promise.race([pace.ready(), flight.nextLanding(stopping)]);
  }

  do {
    await turn(); // outcomes that are ready come in together, and everybody else has the loop
    runSlice();
    if (stopping.aborted) return false;
    const wait = untilNextSlice();
    if (wait !== undefined) await run.hold.letGoFor(wait);
  } while (hasMore() || !flight.isEmpty);
  return next === tasks.length;
}
