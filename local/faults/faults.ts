import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import { checkFaults } from './check-faults.ts';
import { type Fault, type FaultEffect, type FaultService, isJobEffect } from './fault.ts';
import { createFaultState, type FaultState, type Occasion } from './fault-state.ts';

/** What faults strike: a service's calls; for batch its tasks or its jobs as a whole. */
export type FaultPoint = Exclude<FaultService, 'batch'> | 'task' | 'job';

export interface FaultListing {
  seed: string;
  /** In the order of their evaluation, each with how often it matched and struck. */
  faults: (Fault & { id: string; matched: number; struck: number })[];
}

/** The result of all faults for one occasion. */
export interface Strike {
  /** The sum of all delays. */
  delayMs: number;
  /** The effect after the delays; without an effect the work is done normally. */
  effect?: Exclude<FaultEffect, { type: 'delay' }>;
}

/** Injected faults. They are kept in memory and end with the process. */
export interface Faults {
  /**
   * Replaces all faults. The same seed and the same occasions in the same order give the same faults; without a seed
   * one is drawn. Throws InvalidFaults.
   */
  set(faults: readonly Fault[], seed?: string): void;
  clear(): void;
  list(): FaultListing;
  /** Whether any fault is for this point. */
  has(point: FaultPoint): boolean;
  /** Evaluates the faults of this point in order, up to the first fault with an effect other than a delay. */
  strike(point: FaultPoint, occasion: Occasion): Strike;
  /** Calls the listener whenever faults have been set or cleared. */
  onChange(listener: () => void): void;
  /**
   * Waits for a delay, or until the faults are replaced or cleared; rejects when the signal is aborted. A virtual clock
   * must not be `busy` during the wait, because its time would not pass.
   */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface FaultsOptions {
  clock: Clock;
  random: Random;
  /** Called when a fault strikes for the first time. */
  log?: (line: string) => void;
}

const NOTHING: Strike = { delayMs: 0 };

export function createFaults({ clock, random, log = () => {} }: FaultsOptions): Faults {
  const listeners: (() => void)[] = [];
  let seed = '';
  let all: FaultState[] = [];
  let byPoint = new Map<FaultPoint, FaultState[]>();
  let waiting = new AbortController();

  const put = (faults: readonly (Fault & { id: string })[], newSeed: string) => {
    seed = newSeed;
    all = faults.map((fault) => createFaultState(fault, seed));
    byPoint = Map.groupBy(all, ({ fault }) => pointOf(fault));
    waiting.abort();
    waiting = new AbortController();
    for (const listener of listeners) listener();
  };

  const logFirst = (
    { fault: { id, effect }, struck }: FaultState,
    point: FaultPoint,
    { action }: Occasion,
  ) => {
    if (struck === 1) log(`fault ${id} strikes: ${effect.type} at ${point} ${action}`);
  };

  return {
    set(faults, newSeed = random.hex(16)) {
      const named = checkFaults(faults).map((fault, index) => ({ id: `${index + 1}`, ...fault }));
      put(structuredClone(named), newSeed);
    },
    clear: () => put([], ''),
    list: () => ({ seed, faults: all.map(({ fault, matched, struck }) => ({ ...fault, matched, struck })) }),
    has: (point) => byPoint.has(point),
    async wait(ms, signal) {
      const { signal: replaced } = waiting;
      await clock.sleep(ms, signal ? AbortSignal.any([replaced, signal]) : replaced).catch(() => {});
      signal?.throwIfAborted();
    },
    onChange: (listener) => void listeners.push(listener),
    strike(point, occasion) {
      const states = byPoint.get(point);
      if (!states) return NOTHING;
      let delayMs = 0;
      for (const state of states) {
        if (!state.strikes(occasion)) continue;
        logFirst(state, point, occasion);
        const { effect } = state.fault;
        if (effect.type !== 'delay') return { delayMs, effect };
        delayMs += effect.seconds * 1000;
      }
      return { delayMs };
    },
  };
}

function pointOf({ service, effect }: Fault): FaultPoint {
  if (service !== 'batch') return service;
  return isJobEffect(effect) ? 'job' : 'task';
}
