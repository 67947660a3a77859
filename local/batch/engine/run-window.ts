import { type Clock, turn } from '../../core/clock.ts';
import type { ManifestPosition } from '../manifest/manifest.ts';
import type { ObjectStore } from '../object-store.ts';
import type { Operation } from '../operations/operation.ts';
import type { Task } from '../task.ts';
import type { Hold } from './hold.ts';
import type { Pace } from './pace.ts';
import { createPendingTasks } from './pending-tasks.ts';
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
  /** Aborted when no further task may start; tasks in progress still complete. */
  signal: AbortSignal;
  /** Aborted when the engine stops: tasks in progress are dropped, and run again at the next start. */
  stopping: AbortSignal;
}

/**
 * Runs the tasks in slices. Each slice is one transaction with the effects of its tasks, their outcomes and the job's
 * progress. After the last task the job's position moves to `end`, if it is given. Returns whether all tasks have run.
 */
export async function runWindow(
  tasks: readonly Task[],
  end: ManifestPosition | undefined,
  run: WindowRun,
): Promise<boolean> {
  const { recorder, budget, pace, signal, stopping } = run;
  const pending = createPendingTasks(run.operation, recorder);
  let next = 0;

  const hasMore = () => next < tasks.length && !signal.aborted && !recorder.isOverThreshold;

  function commitSlice(count: number): void {
    pending.recordCompleted();
    for (const last = next + count; next < last && hasMore() && !pending.isFull; ) {
      pending.start(tasks[next++] as Task);
    }
    recorder.commit(run.clock.now(), next === tasks.length && pending.isEmpty ? end : undefined);
  }

  function runSlice(): void {
    const first = next;
    const startMs = performance.now();
    run.objects.transaction(() => commitSlice(Math.min(budget.tasks, pace.allowance)));
    // Tasks in progress limit a slice, so that its time does not show how many tasks would fit into it.
    if (pending.isEmpty) budget.adapt(next - first, performance.now() - startMs);
    pace.spend(next - first);
  }

  /** If a slice cannot be committed, waits for the tasks in progress, whose outcomes are lost, before it rejects. */
  async function runSliceOrDrop(): Promise<void> {
    try {
      runSlice();
    } catch (error) {
      await run.hold.releaseFor(pending.drop(stopping));
      throw error;
    }
  }

  /** Resolves when a task can start or an outcome can be recorded. */
  function untilNextSlice(): Promise<unknown> | undefined {
    if (!hasMore() || pending.isFull) return pending.nextCompletion(stopping);
    if (pace.allowance > 0) return undefined;
    return pending.isEmpty ? pace.ready() : Promise.race([pace.ready(), pending.nextCompletion(stopping)]);
  }

  do {
    await turn(); // lets other work of the event loop run, and collects outcomes for one commit
    await runSliceOrDrop();
    if (stopping.aborted) return false;
    const wait = untilNextSlice();
    if (wait !== undefined) await run.hold.releaseFor(wait);
  } while (hasMore() || !pending.isEmpty);
  return next === tasks.length;
}
