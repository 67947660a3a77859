/** Command line of the benchmarks: `npm run bench`, `-- NAME …` for some, `-- --json` for machines. */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench, Finding } from './bench.ts';
import { benches } from './benches.ts';
import { startPart } from './part.ts';
import { findingText } from './print.ts';
import type { BenchRequest } from './run-bench.ts';

interface Result {
  bench: string;
  title: string;
  findings: Finding[];
}

const machine = {
  cores: availableParallelism(),
  cpu: cpus()[0]?.model ?? 'unknown',
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
};

/** Sizes that are not full make other ratios; 1 is what the goals are about. */
function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, scale: { type: 'string', default: '1' } },
  });
  const known = benches.map(({ name }) => name).join(', ');
  const chosen = positionals.map((name) => {
    const bench = benches.find((each) => each.name === name);
    if (!bench) throw new Error(`there is no benchmark ${name}; there are ${known}`);
    return bench;
  });
  const scale = Number(values.scale);
  if (!(scale > 0 && scale <= 1))
    throw new Error(`--scale is ${values.scale}; it takes a number over 0, up to 1`);
  return { chosen: chosen.length > 0 ? chosen : benches, scale, json: values.json };
}

async function runWithinLimit(
  { name, limitSeconds }: Bench,
  scale: number,
  folder: string,
): Promise<Finding[]> {
  const part = startPart<BenchRequest, Finding[]>('run-bench.ts');
  const limit = setTimeout(() => {
    console.error(`${name} has taken ${limitSeconds} s and is stopped`);
    void part.stop();
  }, limitSeconds * 1000);
  try {
    return await part.ask({ name, scale, folder });
  } finally {
    clearTimeout(limit);
    await part.stop();
  }
}

async function main(): Promise<void> {
  const { chosen, scale, json } = readOptions();
  const folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-bench-'));
  process.once('SIGINT', () => process.exit(130));
  const results: Result[] = [];
  try {
    for (const bench of chosen) {
      if (!json) console.log(`\n${bench.name}: ${bench.title}`);
      const findings = await runWithinLimit(bench, scale, folder);
      if (!json) for (const finding of findings) console.log(findingText(finding));
      results.push({ bench: bench.name, title: bench.title, findings });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (json) console.log(JSON.stringify({ machine, scale, results }, null, 2));
  else console.log(`\n${machine.cores} × ${machine.cpu}, Node ${machine.node}, ${machine.platform}`);
}

await main().catch((error: Error) => {
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
});
