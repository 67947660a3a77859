/** `node test/fuzz/main.ts [--requests N] [--seed N]`: sends generated requests to the API and prints a summary. */
import '../simulation/replace-clients.ts';
import { registerHooks } from 'node:module';
import { parseArgs } from 'node:util';

// Waits end immediately, because no job makes progress.
const noSleep = 'data:text/javascript,export const sleep = async () => {}';
registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context);
    return resolved.url.endsWith('/functions/core/sleep.ts') ? { ...resolved, url: noSleep } : resolved;
  },
});

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '1500' }, seed: { type: 'string', default: '1' } },
});
const { loadFunctions } = await import('./stack.ts');
const { fuzzWorld, PER_WORLD } = await import('./run.ts');
const { createTally } = await import('./tally.ts');

const functions = await loadFunctions();
const tally = createTally();
const worlds = Math.ceil(Number(values.requests) / PER_WORLD);
for (let i = 0; i < worlds; i++) {
  await fuzzWorld(functions, Number(values.seed) + i, tally.add);
  await tally.endWorld();
}
console.log(tally.text());
