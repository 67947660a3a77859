import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { realClock, virtualClock } from '../../local/core/clock.ts';
import { claimDataDir } from '../../local/data-dir.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'claim-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const CLAIM = `
  import { realClock } from '${join(import.meta.dirname, '../../local/core/clock.ts')}';
  import { claimDataDir } from '${join(import.meta.dirname, '../../local/data-dir.ts')}';
  await claimDataDir(process.argv[1], realClock());
  console.log('claimed');
  setInterval(() => {}, 1000);
`;

test('a claim that another process keeps is refused after a few seconds, and free after kill -9', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', CLAIM, dir]);
  await once(child.stdout, 'data');
  const clock = virtualClock(0);
  const refused = claimDataDir(dir, clock);
  await expect(clock.runUntil(refused)).rejects.toThrow(
    `another process uses the state in ${dir}; stop it or choose another DATA_DIR`,
  );
  expect(clock.now()).toBe(5000);
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
  (await claimDataDir(dir, virtualClock(0))).release();
});

test('a claim waits for a process that is about to end', async () => {
  const first = await claimDataDir(dir, realClock());
  const second = claimDataDir(dir, realClock());
  setTimeout(first.release, 300);
  (await second).release();
});

test('a process id that was left in the folder does not matter', async () => {
  writeFileSync(join(dir, 'claim'), String(process.ppid));
  (await claimDataDir(dir, virtualClock(0))).release();
  expect(readdirSync(dir)).toContain('claim');
});
