import type { HistoryEvent, HistoryEventType } from '@aws-sdk/client-sfn';
import type { JsonObject } from '../json.ts';

/** An event as it is stored. The name of the `details` follows from the type. */
export interface HistoryEntry {
  id: number;
  previous: number;
  at: number;
  type: HistoryEventType;
  details?: JsonObject;
}

/** Longest history. Its last event closes the execution. */
export const MAX_EVENTS = 25_000;

/** Members with execution data, omitted on request. */
const DATA = new Set(['input', 'inputDetails', 'output', 'outputDetails']);

export function toHistoryEvent(entry: HistoryEntry, includeData: boolean): HistoryEvent {
  const { id, previous: previousEventId, at, type } = entry;
  const members = Object.entries(entry.details ?? {}).filter(([name]) => includeData || !DATA.has(name));
  return {
    timestamp: new Date(at),
    type,
    id,
    previousEventId,
    ...(entry.details && { [detailsName(type)]: Object.fromEntries(members) }),
  };
}

/** `ChoiceStateEntered` has `stateEnteredEventDetails`, `TaskScheduled` has `taskScheduledEventDetails`. */
function detailsName(type: string): string {
  const name = type.replace(/^.*(State(Entered|Exited))$/, '$1');
  return `${name[0]?.toLowerCase()}${name.slice(1)}EventDetails`;
}
