import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Clock } from './core/clock.ts';

/** A folder that only this process uses. */
export interface DataDir {
  path: string;
  release(): void;
}

/** How long a start waits for another process, which may be about to end. */
const WAIT_MS = 5000;
const POLL_MS = 100;

/** Primary result code of SQLite: another connection has the lock. */
const SQLITE_BUSY = 5;

/**
 * Claims the folder, because two stacks on the same state would run every job twice. The claim is the lock of a
 * database without content: the operating system releases it when the process ends in any way, and it also holds
 * between containers. Waits some seconds for the lock; rejects when another process keeps it.
 */
export async function claimDataDir(path: string, clock: Clock): Promise<DataDir> {
  mkdirSync(path, { recursive: true });
  const lock = new DatabaseSync(join(path, 'lock.sqlite'), { timeout: 0 });
  try {
    const end = clock.now() + WAIT_MS;
    while (!takeLock(lock)) {
      if (clock.now() >= end) {
        throw new Error(`another process uses the state in ${path}; stop it or choose another DATA_DIR`);
      }
      await clock.sleep(POLL_MS);
    }
  } catch (error) {
    lock.close();
    throw error;
  }
  return { path, release: () => lock.close() };
}

function takeLock(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (((error as { errcode?: number }).errcode ?? 0) % 256 !== SQLITE_BUSY) throw error;
    return false;
  }
}
