/**
 * Command line of the benchmarks: `npm run bench`, `-- NAME …` for some of them, `-- --json` for JSON output, `--rows N`
 * for a `memory` benchmark over N rows (20,000,000 without a number).
 */
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
  name: string;
  title: string;
  findings: Finding[];
  /** Why there are no findings. */
  error?: string;
}

interface Options {
  chosen: readonly Bench[];
  /** Below 1 the sizes are smaller than those of the goals. */
  scale: number;
  rows?: number;
  json: boolean;
}

const DEFAULT_ROWS = 20_000_000;

/** Adds the default value to a `--rows` without a value. */
const argsWithRows = (args: readonly string[]) =>
  args.map((arg, index) =>
    arg === '--rows' && !/^\d/.test(args[index + 1] ?? '') ? `--rows=${DEFAULT_ROWS}` : arg,
  );

function readOptions(): Options {
  const { values, positionals } = parseArgs({
    args: argsWithRows(process.argv.slice(2)),
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      scale: { type: 'string', default: '1' },
      rows: { type: 'string' },
    },
  });
  const chosen = positionals.map((name) => {
    const bench = benches.find((each) => each.name === name);
    if (bench) return bench;
    throw new Error(
      `unknown benchmark ${name}; the benchmarks are ${benches.map((each) => each.name).join(', ')}`,
    );
  });
  const scale = Number(values.scale);
  if (!(scale > 0 && scale <= 1)) {
    throw new Error(`--scale is ${values.scale}; it must be a number above 0 and at most 1`);
  }
  const rows = values.rows === undefined ? undefined : Number(values.rows);
  if (rows !== undefined && !(Number.isInteger(rows) && rows > 0)) {
    throw new Error(`--rows is ${values.rows}; it must be a number of rows`);
  }
  return {
    chosen: chosen.length > 0 ? chosen : benches,
    scale,
    json: values.json,
    ...(rows !== undefined && { rows }),
  };
}

/** Aborted by SIGINT and SIGTERM; the files are removed then, too. */
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopping.abort());

async function runInProcess(
  { name, title, limitSeconds }: Bench,
  request: Omit<BenchRequest, 'name'>,
): Promise<Result> {
  const part = startPart<BenchRequest, Finding[]>('run-bench.ts');
  const limit = AbortSignal.any([AbortSignal.timeout(limitSeconds * 1000), stopping.signal]);
  limit.addEventListener('abort', () => void part.stop());
  try {
    return { name, title, findings: await part.ask({ name, ...request }) };
  } catch (error) {
    const reason = stopping.signal.aborted ? 'interrupted' : `not finished within ${limitSeconds} s`;
    return { name, title, findings: [], error: limit.aborted ? reason : (error as Error).message };
  } finally {
    await part.stop();
  }
}

async function runAll({ chosen, json, ...sizes }: Options): Promise<Result[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-bench-'));
  const results: Result[] = [];
  try {
    for (const bench of chosen) {
      if (!json) console.log(`\n${bench.name}: ${bench.title}`);
      const result = await runInProcess(bench, { ...sizes, folder });
      if (!json) for (const finding of result.findings) console.log(findingText(finding));
      if (result.error !== undefined) console.error(`  ${bench.name} has no figures: ${result.error}`);
      results.push(result);
      if (stopping.signal.aborted) break;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return results;
}

const machine = {
  cores: availableParallelism(),
  cpu: cpus()[0]?.model ?? 'unknown',
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
};

try {
  const options = readOptions();
  const results = await runAll(options);
  if (options.json) console.log(JSON.stringify({ machine, scale: options.scale, results }, null, 2));
  else console.log(`\n${machine.cores} cores of ${machine.cpu}, Node ${machine.node}, ${machine.platform}`);
  if (results.some(({ error }) => error !== undefined)) process.exitCode = 1;
} catch (error) {
  console.error(`bench: ${(error as Error).message}`);
  process.exitCode = 1;
}
