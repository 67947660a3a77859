import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { judge } from '../../bench/bench.ts';
import { figureOf, interleave, quantile } from '../../bench/figures.ts';
import { findingText } from '../../bench/print.ts';

const main = join(import.meta.dirname, '../../bench/main.ts');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bench-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function bench(...options: string[]) {
  const child = spawn(process.execPath, [main, ...options], { env: { ...process.env, TMPDIR: folder } });
  const [output, errors, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { output, errors, status };
}

test('a benchmark prints its figures as JSON and leaves no file', async () => {
  const { output, status } = await bench('manifest', '--scale', '0.0005', '--json');
  const { results, machine } = JSON.parse(output);
  expect(machine).toMatchObject({ cores: expect.any(Number), node: process.version });
  expect(results).toMatchObject([
    {
      name: 'manifest',
      findings: [
        {
          what: 'a CSV manifest of 500 rows',
          figures: [{ unit: 'rows/s', rounds: 5 }, { unit: 'rows/s' }],
          verdict: { unit: 'x', goal: { atLeast: 4 } },
        },
        {
          figures: [{ unit: 's' }, { unit: 's' }],
          verdict: { goal: { atMost: 2.5 }, isMet: expect.any(Boolean) },
        },
      ],
    },
  ]);
  expect(status).toBe(0);
  expect(await readdir(folder)).toEqual([]);
});

test('the memory benchmark with --rows compares memory and speed of a long and a short job', async () => {
  const { output, errors, status } = await bench('memory', '--rows', '100000', '--scale', '0.01', '--json');
  expect({ errors, status }).toMatchObject({ status: 0 });
  const { results } = JSON.parse(output);
  expect(results[0].findings).toMatchObject([
    {
      figures: [
        { name: '1,000 rows', unit: 'MB' },
        { name: '10,000 rows', unit: 'MB' },
      ],
      verdict: { goal: { atMost: 1.3 } },
    },
    { figures: [{ unit: 'objects/s' }, { unit: 'objects/s' }], verdict: { goal: { atLeast: 0.8 } } },
  ]);
});

test('the cold-start benchmark compares bundles of a function by time and size', async () => {
  const { output, errors, status } = await bench('cold-start', '--scale', '0.01', '--json');
  expect({ errors, status }).toMatchObject({ status: 0 });
  expect(JSON.parse(output).results[0].findings).toMatchObject([
    {
      what: 'submit-job',
      figures: [{ unit: 'ms of CPU' }, { unit: 'ms of CPU' }, { unit: 'KB' }, { unit: 'KB' }],
      verdict: { goal: { atMost: 0.5 }, value: expect.any(Number) },
    },
  ]);
}, 180_000);

test('the benchmarks run with the heap settings of the stack', () => {
  const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
  const flagsOf = (script: string) => script.match(/--\S+/g);
  expect(flagsOf(scripts.start)).toEqual(['--max-semi-space-size=16']);
  expect(flagsOf(scripts.demo)).toEqual(flagsOf(scripts.start));
  expect(flagsOf(scripts.bench)).toEqual(flagsOf(scripts.start));
});

test('an unknown benchmark is refused with the names of all benchmarks', async () => {
  const { errors, status } = await bench('speed');
  expect(errors).toMatch(
    /^bench: unknown benchmark speed; the benchmarks are tagging, bodies, cold-start, lambda, /,
  );
  expect(status).toBe(1);
});

test('runs the sides in turn, round by round', async () => {
  const calls: string[] = [];
  const side = (name: string, values: number[]) => ({
    name,
    unit: 's',
    measure: () => {
      calls.push(name);
      return values.shift() ?? 0;
    },
  });
  const [a, b] = await interleave(3, [side('a', [9, 1, 2]), side('b', [5, 5, 5])]);
  expect(calls.join('')).toBe('ababab');
  expect(a).toEqual({ name: 'a', unit: 's', rounds: 3, min: 1, median: 2, max: 9 });
  expect(b.median).toBe(5);
});

test('interpolates a quantile between two values', () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  expect(quantile([7], 0.99)).toBe(7);
});

test('prints a missed goal as MISSED', () => {
  const figures = [figureOf({ name: 'ours', unit: 'rows/s' }, [1_234_567, 2_000_000])];
  expect(findingText({ what: 'reading', figures, verdict: judge(3.2, 'x', { atLeast: 4 }) })).toBe(
    [
      '  reading',
      '    ours  1,620,000 rows/s      1,230,000 to 2,000,000 in 2 rounds',
      '    = 3.2 x   goal: at least 4 x, MISSED',
    ].join('\n'),
  );
  expect(judge(1.15, 'x', { atMost: 1.15 }).isMet).toBe(true);
});
