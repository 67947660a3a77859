import type { Clock } from '../core/clock.ts';
import type { Lambda } from '../lambda/lambda.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** An event pattern of EventBridge with a function behind it. */
export interface EventRule {
  pattern: Json;
  functionName: string;
}

/** How Lambda tries an event again that its function failed on: after one minute, and after two more. */
const RETRY_PAUSES_MS = [60_000, 120_000];

/** Throws for anything in a pattern but lists of values and objects of such: content filters are not done here. */
export function checkPattern(pattern: Json, place: string): void {
  if (Array.isArray(pattern)) {
    if (pattern.some((value) => value !== null && typeof value === 'object'))
      throw new Error(`${place}: only plain values are implemented in event patterns here`);
    return;
  }
  if (pattern === null || typeof pattern !== 'object')
    throw new Error(`${place}: a list of values is needed here`);
  for (const [name, inner] of Object.entries(pattern)) checkPattern(inner, `${place}.${name}`);
}

/** Every name of the pattern must be in the event, with one of the listed values. */
export function matchesPattern(pattern: Json, event: Json | undefined): boolean {
  if (Array.isArray(pattern)) return [event].flat().some((value) => pattern.includes(value as never));
  if (event === null || typeof event !== 'object' || Array.isArray(event)) return false;
  return Object.entries(pattern as { [name: string]: Json }).every(([name, inner]) =>
    matchesPattern(inner, event[name]),
  );
}

/** The one bus: hands an event to the functions of all rules that match it, without waiting for them. */
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
}): { put(event: object): void } {
  async function deliver(functionName: string, payload: string): Promise<void> {
    for (const pauseMs of [...RETRY_PAUSES_MS, undefined]) {
      const fault = await lambda
        .invoke(functionName, payload)
        .then((a) => a.functionError && a.payload, String);
      if (fault === undefined) return;
      log(`${functionName}: ${fault}`);
      if (pauseMs !== undefined) await clock.sleep(pauseMs);
    }
  }

  return {
    put(event) {
      for (const { pattern, functionName } of rules)
        if (matchesPattern(pattern, event as Json)) void deliver(functionName, JSON.stringify(event));
    },
  };
}
