/** `npm run check`: types, lint, format, generated files and the state machine. Prints every fault. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lintAsl } from './asl-lint.ts';
import { generatedFiles } from './generate.ts';

const root = join(import.meta.dirname, '..');

/** Runs a command of node_modules/.bin, which npm puts on the PATH; returns whether it succeeded. */
function run(command: string, ...args: string[]): boolean {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error) console.error(`${command}: ${error.message}`);
  return status === 0;
}

async function generatedIsUpToDate(): Promise<boolean> {
  const stale = [...(await generatedFiles())].filter(([path, content]) => {
    try {
      return readFileSync(join(root, path), 'utf8') !== content;
    } catch {
      return true;
    }
  });
  for (const [path] of stale) console.error(`${path} is not up to date: npm run generate`);
  return stale.length === 0;
}

function stateMachineIsValid(): boolean {
  const file = 'statemachines/job.asl.json';
  const faults = lintAsl(readFileSync(join(root, file), 'utf8'));
  for (const fault of faults) console.error(`${file}: ${fault}`);
  return faults.length === 0;
}

const checks: Record<string, () => boolean | Promise<boolean>> = {
  types: () => run('tsc', '-p', '.') && run('tsc', '-p', 'console'),
  'lint and format': () => run('biome', 'check', '--error-on-warnings', '.'),
  'generated files': generatedIsUpToDate,
  'state machine': stateMachineIsValid,
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  const isFine = await check();
  console.log(`${isFine ? 'ok' : 'FAILED'}  ${name}`);
  if (!isFine) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
