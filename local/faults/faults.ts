import type { Clock } from '../core/clock.ts';
import type { Random } from '../core/random.ts';
import { checkFaults } from './check-faults.ts';
import { type Fault, type FaultEffect, type FaultService, isJobEffect } from './fault.ts';
import { createFaultState, type FaultState, type Occasion } from './fault-state.ts';

/** Where faults strike: a service's calls; for batch its tasks, or its jobs as a whole. */
export type Place = Exclude<FaultService, 'batch'> | 'task' | 'job';

export interface FaultListing {
  seed: string;
  /** In the order in which they are asked, each with how often it matched and struck. */
  faults: (Fault & { id: string; matched: number; struck: number })[];
}

/** What an occasion meets with. */
export interface Strike {
  /** All delays together. */
  delayMs: number;
  /** The effect that decides how it ends; without one the work is done as ever. */
  effect?: Exclude<FaultEffect, { type: 'delay' }>;
}

/** Faults on demand. They live in memory: with the process they are gone. */
export interface Faults {
  /**
   * Puts these in the place of all that were set. The same seed and the same occasions in the same order give the same
   * faults; without one a seed is drawn. Throws InvalidFaults.
   */
  set(faults: readonly Fault[], seed?: string): void;
  clear(): void;
  list(): FaultListing;
  /** Whether any fault is for this place. */
  has(place: Place): boolean;
  /** Asks the faults of this place in their order; the first one that is more than a delay is the last one asked. */
  strike(place: Place, occasion: Occasion): Strike;
  /** Called whenever faults have been set or cleared. */
  onChange(listener: () => void): void;
  /**
   * Waits for a delay, until the faults are set anew or cleared; rejects when the signal is aborted. A virtual clock
   * must not be `busy` meanwhile, or the time never passes.
   */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface FaultsOptions {
  clock: Clock;
  random: Random;
  /** Told when a fault strikes for the first time. */
  log?: (line: string) => void;
}

const NOTHING: Strike = { delayMs: 0 };

export function createFaults({ clock, random, log = () => {} }: FaultsOptions): Faults {
  const listeners: (() => void)[] = [];
  let seed = '';
  let all: FaultState[] = [];
  let byPlace = new Map<Place, FaultState[]>();
  let waiting = new AbortController();

  const put = (faults: readonly (Fault & { id: string })[], newSeed: string) => {
    seed = newSeed;
    all = faults.map((fault) => createFaultState(fault, seed));
    byPlace = Map.groupBy(all, ({ fault }) => placeOf(fault));
    waiting.abort();
    waiting = new AbortController();
    for (const listener of listeners) listener();
  };

  const tell = ({ fault: { id, effect }, struck }: FaultState, place: Place, { action }: Occasion) => {
    if (struck === 1) log(`fault ${id} strikes: ${effect.type} at ${place} ${action}`);
  };

  return {
    set(faults, newSeed = random.hex(16)) {
      const named = checkFaults(faults).map((fault, index) => ({ id: `${index + 1}`, ...fault }));
      put(structuredClone(named), newSeed);
    },
    clear: () => put([], ''),
    list: () => ({ seed, faults: all.map(({ fault, matched, struck }) => ({ ...fault, matched, struck })) }),
    has: (place) => byPlace.has(place),
    async wait(ms, signal) {
      const { signal: replaced } = waiting;
      await clock.sleep(ms, signal ? AbortSignal.any([replaced, signal]) : replaced).catch(() => {});
      signal?.throwIfAborted();
    },
    onChange: (listener) => void listeners.push(listener),
    strike(place, occasion) {
      const states = byPlace.get(place);
      if (!states) return NOTHING;
      let delayMs = 0;
      for (const state of states) {
        if (!state.strikes(occasion)) continue;
        tell(state, place, occasion);
        const { effect } = state.fault;
        if (effect.type !== 'delay') return { delayMs, effect };
        delayMs += effect.seconds * 1000;
      }
      return { delayMs };
    },
  };
}

function placeOf({ service, effect }: Fault): Place {
  if (service !== 'batch') return service;
  return isJobEffect(effect) ? 'job' : 'task';
}
