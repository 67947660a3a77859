import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder that only this process uses. */
export interface DataDir {
  path: string;
  release(): void;
}

/**
 * Claims the folder, because two stacks on the same state would run every job twice. Throws when another process that
 * is still running holds the claim.
 */
export function claimDataDir(path: string): DataDir {
  mkdirSync(path, { recursive: true });
  const claim = join(path, 'claim');
  const holder = holderOf(claim);
  if (holder !== undefined && isRunning(holder))
    throw new Error(
      `the state in ${path} is in use by process ${holder}; stop it or choose another DATA_DIR`,
    );
  writeFileSync(claim, String(process.pid));
  return {
    path,
    release: () => {
      if (holderOf(claim) === process.pid) rmSync(claim, { force: true });
    },
  };
}

function holderOf(claim: string): number | undefined {
  try {
    return Number(readFileSync(claim, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
