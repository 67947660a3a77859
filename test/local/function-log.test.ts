import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openFunctionLog } from '../../local/function-log.ts';

let dir: string;
let lines: string[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'function-log-'));
  lines = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = (maxBytes?: number) => openFunctionLog(dir, (line) => lines.push(line), maxBytes);
const read = (name: string) => readFileSync(join(dir, name), 'utf8');

test('what functions print is in functions.log, also after a restart', () => {
  for (const text of ['one\n', 'two\n']) {
    const log = open();
    log.write('worker', text);
    log.close();
    log.write('worker', 'after the stop\n');
  }
  expect(read('functions.log')).toBe('one\ntwo\n');
  expect(lines).toEqual([]);
});

test('a full file becomes functions.log.1, and both together have the last texts in order', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 40 })), (texts) => {
      rmSync(dir, { recursive: true, force: true });
      dir = mkdtempSync(join(tmpdir(), 'function-log-'));
      const log = open(100);
      for (const text of texts) log.write('worker', text);
      log.close();
      const files = readdirSync(dir).sort().reverse();
      expect(['functions.log', 'functions.log.1,functions.log']).toContain(files.join());
      for (const file of files) expect(statSync(join(dir, file)).size).toBeLessThanOrEqual(200);
      const printed = Buffer.from(texts.join('')).toString();
      expect(printed.endsWith(files.map(read).join(''))).toBe(true);
    }),
  );
});

test('a log that cannot be written is reported once and does not stop a function', () => {
  const log = open(10);
  rmSync(dir, { recursive: true, force: true });
  for (let i = 0; i < 5; i++) log.write('worker', '0123456789');
  log.close();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^functions\.log: ENOENT/);
});
