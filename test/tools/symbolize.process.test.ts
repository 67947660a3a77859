import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ensureBundles } from '../../local/bundles.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'symbolize-'));
afterAll(() => rmSync(folder, { recursive: true }));
let bundles: string;
/** Of a deployed function that lacks an environment variable. */
let trace: string;

beforeAll(async () => {
  bundles = await ensureBundles();
  const url = pathToFileURL(join(bundles, 'describe-job/index.mjs'));
  const event = { request: { jobRequestId: 'a' }, notified: [] };
  const code = `const { handler } = await import('${url}');
    await handler(${JSON.stringify(event)}, {}).catch((error) => console.log(error.stack));`;
  const env = { PATH: process.env['PATH'], POWERTOOLS_LOG_LEVEL: 'SILENT' };
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    encoding: 'utf8',
    env,
  });
  trace = stdout.replaceAll(`file://${bundles}`, 'file:///var/task/dist');
});

const symbolize = (args: string[], input = '') =>
  spawnSync(process.execPath, ['tools/symbolize.ts', '--maps', bundles, ...args], {
    cwd: root,
    input,
    encoding: 'utf8',
  });

/** `functions/core/env.ts:4` of the line that throws. */
const thrownAt = () => {
  const lines = readFileSync(join(root, 'functions/core/env.ts'), 'utf8').split('\n');
  return `functions/core/env.ts:${lines.findIndex((line) => line.includes('is not set`')) + 1}:`;
};

test('a trace of a bundle becomes files and lines of the sources', () => {
  expect(trace).toMatch(/is not set\n {4}at .*\/var\/task\/dist\/describe-job\/index\.mjs:\d+:\d+/);
  const { stdout, stderr, status } = symbolize([], trace);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const [message, first] = stdout.split('\n');
  expect(message).toBe(trace.split('\n')[0]);
  expect(first).toContain(thrownAt());
  expect(stdout).toContain('functions/describe-job.ts:');
  expect(stdout).not.toContain('/var/task/');
});

test('a trace may be a file with a line of a JSON log', () => {
  const file = join(folder, 'log.json');
  writeFileSync(file, JSON.stringify({ level: 'ERROR', error: { stack: trace } }));
  const { stdout } = symbolize([file]);
  expect(stdout.split('\n')[1]).toContain(thrownAt());
});

test('a function without a source map is named, and its lines stay as they are', () => {
  const line = '    at x (file:///var/task/dist/other/index.mjs:1:2)\n';
  const { stdout, stderr, status } = symbolize([], line);
  expect(stdout).toBe(line);
  expect(stderr).toContain('other/index.mjs.map');
  expect(stderr).toContain('Run `npm run build` first.');
  expect(status).toBe(1);
});
