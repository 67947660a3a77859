import type { Fault } from '../../local/faults/fault.ts';

/** Parts of keys that CSV, URLs or spreadsheets could change. */
export const AWKWARD = [
  ...['a b', 'a+b', 'a%2Bb', 'x,"y"', 'two\nlines', 'é/ü', '=1+1', "it's", '😀', '%', 'a%20b'],
];

/** The tasks on these keys fail; with `times`, only so many. */
export const failing = (key: string, code = 'AccessDenied', status = 403, times?: number): Fault => ({
  service: 'batch',
  match: { key },
  ...(times && { times }),
  effect: { type: 'error', code, status },
});
