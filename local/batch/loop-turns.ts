import { turn } from '../core/clock.ts';

/** Long work runs in slices of about this length, so that the endpoints of the same process stay responsive. */
export const SLICE_MS = 3;

/** Returns a function to await again and again during long work: once per slice it gives the event loop a turn. */
export function createLoopTurns(): () => Promise<void> {
  let startMs = performance.now();
  return async () => {
    if (performance.now() - startMs < SLICE_MS) return;
    await turn();
    startMs = performance.now();
  };
}
