import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const MAIN = join(import.meta.dirname, '../../local/main.ts');
const run = (...args: string[]) => spawnSync(process.execPath, args, { encoding: 'utf8' });

test('a Node.js without type stripping is refused in one line', () => {
  const { status, stdout, stderr } = run('--no-experimental-strip-types', MAIN, 'start');
  expect({ status, stdout, lines: stderr.trim().split('\n') }).toEqual({
    status: 1,
    stdout: '',
    lines: [
      `bucket-brigade: Node.js ${process.version} cannot run TypeScript. Use Node.js 22.18 or newer, or \`npm start\` after \`npm ci\`.`,
    ],
  });
});

test('an unknown command is refused in one line', () => {
  const { status, stderr } = run(MAIN, 'sing');
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: 'bucket-brigade: usage: node local/main.ts start | demo\n',
  });
});
