/** Primary result code of SQLite: the disk, or the limit of `PRAGMA max_page_count`, has no room. */
const SQLITE_FULL = 13;
/** The shared memory file of the write-ahead log could not grow. */
const SQLITE_IOERR_SHMSIZE = 4874;

const SYSTEM_CODES = ['ENOSPC', 'EDQUOT'];

/** How long work waits before it tries again whether the disk has room. */
export const DISK_FULL_PAUSE_MS = 1000;

/** Whether an error of the database or of a file says that there is no room left. */
export function isDiskFull(error: unknown): boolean {
  const { errcode, code } = Object(error) as { errcode?: unknown; code?: unknown };
  if (typeof errcode === 'number')
    return (errcode & 0xff) === SQLITE_FULL || errcode === SQLITE_IOERR_SHMSIZE;
  return SYSTEM_CODES.includes(String(code));
}

/** Repeats the work for as long as the disk is full. Rejects with other errors, and when `pause` rejects. */
export async function untilRoom<T>(work: () => T | Promise<T>, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    }
    await pause();
  }
}
