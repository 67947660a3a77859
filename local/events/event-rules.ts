import type { Clock } from '../core/clock.ts';
import type { Lambda } from '../lambda/lambda.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** An event pattern of EventBridge with a function behind it. */
export interface EventRule {
  pattern: Json;
  functionName: string;
}

/** Lambda retries a failed event after one minute, and again after two more. */
const RETRY_PAUSES_MS = [60_000, 120_000];

/** Throws for content filters: a pattern may hold only lists of plain values, and objects of such lists. */
export function checkPattern(pattern: Json, location: string): void {
  if (Array.isArray(pattern)) {
    if (pattern.some((value) => value !== null && typeof value === 'object'))
      throw new Error(`${location}: only plain values are implemented in event patterns`);
    return;
  }
  if (pattern === null || typeof pattern !== 'object')
    throw new Error(`${location}: expected a list of values`);
  for (const [name, inner] of Object.entries(pattern)) checkPattern(inner, `${location}.${name}`);
}

/** Whether the event has every name of the pattern, each with one of the listed values. */
export function matchesPattern(pattern: Json, event: Json | undefined): boolean {
  if (Array.isArray(pattern)) return [event].flat().some((value) => pattern.includes(value as never));
  if (event === null || typeof event !== 'object' || Array.isArray(event)) return false;
  return Object.entries(pattern as { [name: string]: Json }).every(([name, inner]) =>
    matchesPattern(inner, event[name]),
  );
}

/** Invokes the functions of all rules that match an event, without waiting for them. After `stop` nothing is retried. */
export function createEventBus({
  rules,
  lambda,
  clock,
  log,
}: {
  rules: readonly EventRule[];
  lambda: Lambda;
  clock: Clock;
  log: (line: string) => void;
}): { put(event: object): void; stop(): void } {
  const stopping = new AbortController();

  async function deliver(functionName: string, payload: string): Promise<void> {
    for (const pauseMs of [...RETRY_PAUSES_MS, undefined]) {
      const fault = await lambda
        .invoke(functionName, payload)
        .then((a) => a.functionError && a.payload, String);
      if (fault === undefined) return;
      log(`${functionName}: ${fault}`);
      if (pauseMs !== undefined) await clock.sleep(pauseMs, stopping.signal).catch(() => {});
      if (stopping.signal.aborted) return;
    }
  }

  return {
    put(event) {
      for (const { pattern, functionName } of rules)
        if (matchesPattern(pattern, event as Json)) void deliver(functionName, JSON.stringify(event));
    },
    stop: () => stopping.abort(),
  };
}
