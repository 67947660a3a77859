import type { Execution } from '../../local/states/store/execution.ts';
import type { ExecutionStore } from '../../local/states/store/execution-store.ts';
import type { HistoryEntry } from '../../local/states/store/history.ts';

export interface KeptExecution {
  /** As of the last commit. */
  execution: Execution;
  events: HistoryEntry[];
}

/** Copies, so that the interpreter's changes do not reach committed entries, or the reverse. */
const copy = (execution: Execution): Execution => ({
  ...execution,
  position: execution.position && { ...execution.position },
});

/** A store of executions in memory, with the behaviour of the interpreter's own store. */
export function createMemoryStore(): ExecutionStore & { kept: readonly KeptExecution[] } {
  let kept: KeptExecution[] = [];
  const definitions = new Map<string, string>();
  const machines = new Map<string, number>();
  let lastId = 0;

  const entryOf = ({ id }: Execution) => {
    const entry = kept.find(({ execution }) => execution.id === id);
    if (!entry) throw new Error(`execution ${id} is not kept`);
    return entry;
  };

  return {
    get kept() {
      return kept;
    },
    create(start, first) {
      const execution: Execution = {
        ...start,
        id: ++lastId,
        status: 'RUNNING',
        lastEvent: first.id,
        variables: {},
      };
      kept.push({ execution: copy(execution), events: [first] });
      return execution;
    },
    save(execution, events) {
      const entry = entryOf(execution);
      execution.lastEvent = events.at(-1)?.id ?? execution.lastEvent;
      entry.events.push(...events);
      entry.execution = copy(execution);
    },
    find(arn) {
      const entry = kept.find(({ execution }) => execution.arn === arn);
      return entry && copy(entry.execution);
    },
    running: () =>
      kept.filter(({ execution }) => execution.status === 'RUNNING').map(({ execution }) => copy(execution)),
    list: (machineArn, status, beforeId, limit) =>
      kept
        .map(({ execution }) => execution)
        .filter((e) => e.machineArn === machineArn && e.id < beforeId && (!status || e.status === status))
        .reverse()
        .slice(0, limit)
        .map(copy),
    events(execution, fromId, limit, reverse) {
      const { events } = entryOf(execution);
      const page = reverse
        ? events.filter(({ id }) => id < fromId).reverse()
        : events.filter(({ id }) => id > fromId);
      return page.slice(0, limit);
    },
    forget(closedBefore) {
      const isOld = ({ stoppedAt }: Execution) => stoppedAt !== undefined && stoppedAt < closedBefore;
      if (kept.some(({ execution }) => isOld(execution)))
        kept = kept.filter(({ execution }) => !isOld(execution));
    },
    keepDefinition: (key, text) => void definitions.set(key, text),
    definition: (key) => String(definitions.get(key)),
    machineCreatedAt(arn, now) {
      machines.set(arn, machines.get(arn) ?? now);
      return machines.get(arn) ?? now;
    },
  };
}
