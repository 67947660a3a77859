import type { Database } from '../../store/database.ts';
import type { Envelope } from './envelope.ts';

/** The last published messages, which survive a restart. */
export interface Notices {
  add(envelope: Envelope): void;
  /** Oldest first. */
  list(): Envelope[];
}

const KEPT = 1_000;

export function createNotices({ define, sql, transaction }: Database): Notices {
  define('CREATE TABLE IF NOT EXISTS sns_notices (number INTEGER PRIMARY KEY, envelope TEXT NOT NULL)');
  return {
    add: (envelope) =>
      transaction(() => {
        const { lastInsertRowid } = sql('INSERT INTO sns_notices (envelope) VALUES (?)').run(
          JSON.stringify(envelope),
        );
        sql('DELETE FROM sns_notices WHERE number <= ?').run(Number(lastInsertRowid) - KEPT);
      }),
    list: () =>
      sql('SELECT envelope FROM sns_notices ORDER BY number')
        .all()
        .map(({ envelope }) => JSON.parse(String(envelope)) as Envelope),
  };
}
