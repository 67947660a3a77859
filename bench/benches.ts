import type { Bench } from './bench.ts';
import { bodies } from './bodies.ts';
import { coldStart } from './cold-start.ts';
import { lambda } from './lambda.ts';
import { manifest } from './manifest.ts';
import { memory } from './memory.ts';
import { responsiveness } from './responsiveness.ts';
import { tagging } from './tagging.ts';
import { watch } from './watch.ts';
import { worker } from './worker.ts';

export const benches: readonly Bench[] = [
  tagging,
  bodies,
  coldStart,
  lambda,
  manifest,
  memory,
  responsiveness,
  watch,
  worker,
];
