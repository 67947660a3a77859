import type { Database } from '../../local/store/database.ts';

/** Lets the database grow by at most so many pages of 4 KB. */
export function fillDisk(database: Database, freePages = 0): void {
  const pages = Number(Object.values(database.sql('PRAGMA page_count').get() ?? {})[0]);
  database.sql(`PRAGMA max_page_count = ${pages + freePages}`).get();
}

export function freeDisk(database: Database): void {
  database.sql('PRAGMA max_page_count = 1000000000').get();
}
