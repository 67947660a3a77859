/**
 * The soak of the local stack, a few minutes: `node test/soak/main.ts`, with names for some of its parts, `--kills N`
 * and `--requests N` for other sizes, and `--seed TEXT` to repeat a run.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '../../local/core/random.ts';
import { disk } from './full-disk.ts';
import { kills, memory, type Part, wal } from './parts.ts';
import { retry } from './retry.ts';

const parts: Record<string, Part> = { memory, kills, disk, wal, retry };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '60' },
    requests: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(process.pid) },
  },
});

async function run(name: string): Promise<void> {
  const part = parts[name];
  if (!part) throw new Error(`unknown part ${name}; the parts are ${Object.keys(parts).join(', ')}`);
  const dir = mkdtempSync(join(tmpdir(), `soak-${name}-`));
  const startMs = performance.now();
  try {
    const found = await part({
      dir,
      random: createRandom(`${values.seed}/${name}`),
      requests: Number(values.requests),
      kills: Number(values.kills),
    });
    console.log(`ok      ${name}: ${found} (${Math.round((performance.now() - startMs) / 1000)} s)`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`FAILED  ${name}, seed ${values.seed}: ${error instanceof Error ? error.stack : error}`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

for (const name of positionals.length > 0 ? positionals : Object.keys(parts)) await run(name);
process.exit();
