import type { HistoryEventType } from '@aws-sdk/client-sfn';
import type { Clock } from '../../core/clock.ts';
import type { JsonObject } from '../json.ts';
import { StateError } from '../state-error.ts';
import type { Closing, Execution } from '../store/execution.ts';
import type { ExecutionStore } from '../store/execution-store.ts';
import { type HistoryEntry, MAX_EVENTS } from '../store/history.ts';

export type Journal = ReturnType<typeof createJournal>;

const CLOSING_EVENTS = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  ABORTED: 'ExecutionAborted',
  TIMED_OUT: 'ExecutionTimedOut',
} as const satisfies Record<Closing['status'], HistoryEventType>;

const isClosing = (type: HistoryEventType) => Object.values<HistoryEventType>(CLOSING_EVENTS).includes(type);

/** The members that the end of an execution sets. */
const STILL_RUNNING = {
  status: 'RUNNING',
  stoppedAt: undefined,
  output: undefined,
  error: undefined,
  cause: undefined,
} as const;

/** Writes the history of one execution. A commit stores the events since the last one, together with the position. */
export function createJournal(
  execution: Execution,
  store: ExecutionStore,
  clock: Clock,
  signal?: AbortSignal,
) {
  const pending: HistoryEntry[] = [];

  /** Returns the event's id. The last event that a history has room for must close the execution. */
  const record = (type: HistoryEventType, details?: JsonObject, previous?: number): number => {
    const last = execution.lastEvent + pending.length;
    if (last + 1 >= MAX_EVENTS && !isClosing(type))
      throw new StateError(
        'States.Runtime',
        `The execution reached the maximum number of history events (${MAX_EVENTS}).`,
      );
    const event = { id: last + 1, previous: previous ?? last, at: clock.now(), type };
    pending.push(details ? { ...event, details } : event);
    return event.id;
  };

  const commit = () => {
    signal?.throwIfAborted();
    store.save(execution, pending);
    pending.length = 0;
  };

  const close = (closing: Closing) => {
    signal?.throwIfAborted();
    const { status } = closing;
    // On AWS, an end from outside follows no event.
    const previous = status === 'ABORTED' || status === 'TIMED_OUT' ? 0 : undefined;
    record(CLOSING_EVENTS[status], closingDetails(closing), previous);
    const before = { ...STILL_RUNNING, position: execution.position };
    Object.assign(execution, closing, { stoppedAt: clock.now(), position: undefined });
    try {
      commit();
    } catch (error) {
      Object.assign(execution, before);
      throw error;
    }
  };

  return { record, commit, close };
}

function closingDetails(closing: Closing): JsonObject {
  if (closing.status === 'SUCCEEDED') return { output: closing.output, outputDetails: { truncated: false } };
  if (closing.status === 'TIMED_OUT') return { error: 'States.Timeout' };
  const { error, cause } = closing;
  return { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
}
