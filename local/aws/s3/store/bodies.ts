import { createRandom, type Random } from '../../../core/random.ts';
import type { Database } from '../../../store/database.ts';
import { isDiskFull } from '../../../store/disk-full.ts';
import type { BodyFiles } from './body-files.ts';
import { receiveBody, type StagedBody } from './receive-body.ts';

const FILE_NAME_LENGTH = 32;

/** One section of the bytes of a version. */
export interface Segment {
  body: number | null;
  size: number;
}

/**
 * Bodies with reference counts. Versions that were copied from one another share a body. A body without references
 * stays until `sweep`, so that a transaction that is rolled back never loses a file.
 */
export interface BodyTable {
  /** Receives a body of any size with bounded memory and calls `observe` with every chunk. */
  receive(
    body: AsyncIterable<Uint8Array>,
    observe?: (chunk: Uint8Array) => void | Promise<void>,
  ): Promise<StagedBody>;
  /** Inserts the row of a staged body, in the transaction of the caller. Returns its id, or null for an empty body. */
  adopt(staged: StagedBody): number | null;
  /** Deletes a staged body that was not adopted. */
  discard(staged: StagedBody): void;
  hold(ids: readonly number[]): void;
  release(ids: readonly number[]): void;
  /** Protects bodies from `sweep` until the returned function is called. */
  pin(segments: readonly Segment[]): () => void;
  /** Bytes from `from` (inclusive) to `to` (exclusive), in chunks of bounded size. They are pinned until the iteration ends. */
  read(segments: readonly Segment[], from: number, to: number): AsyncIterable<Uint8Array>;
  /** Removes bodies without references and pins. Must not run inside a transaction. */
  sweep(): void;
}

export function createBodyTable(database: Database, files: BodyFiles, random: Random): BodyTable {
  const { sql } = database;
  const pins = new Map<number, number>();
  let unswept = true;

  const hasRow = (file: string) => sql('SELECT 1 FROM s3_body WHERE file = ?').get(file) !== undefined;
  claimFiles(files, storeIdOf(database), hasRow);
  // Files without a row were left by a process that ended before it committed the row.
  for (const name of files.names()) if (!hasRow(name)) files.remove(name);

  const remove = (id: number, file: string | null) => {
    sql('DELETE FROM s3_body WHERE id = ?').run(id);
    if (file !== null) files.remove(file);
  };

  const pin = (segments: readonly Segment[]) => {
    const ids = segments.map(({ body }) => body).filter((id) => id !== null);
    for (const id of ids) pins.set(id, (pins.get(id) ?? 0) + 1);
    return () => {
      unswept = true;
      for (const id of ids) {
        const others = (pins.get(id) ?? 1) - 1;
        if (others > 0) pins.set(id, others);
        else pins.delete(id);
      }
    };
  };

  return {
    receive: (body, observe) => receiveBody(body, files, () => random.hex(FILE_NAME_LENGTH), observe),
    adopt({ size, content }) {
      if (size === 0) return null;
      const file = 'file' in content ? content.file : null;
      const bytes = 'bytes' in content ? content.bytes : null;
      const { lastInsertRowid } = sql('INSERT INTO s3_body (holders, file, bytes) VALUES (0, ?, ?)').run(
        file,
        bytes,
      );
      return Number(lastInsertRowid);
    },
    discard({ content }) {
      if ('file' in content && !hasRow(content.file)) files.remove(content.file);
    },
    hold(ids) {
      for (const id of ids) sql('UPDATE s3_body SET holders = holders + 1 WHERE id = ?').run(id);
    },
    release(ids) {
      if (ids.length > 0) unswept = true;
      for (const id of ids) sql('UPDATE s3_body SET holders = holders - 1 WHERE id = ?').run(id);
    },
    pin,
    read: (segments, from, to) => readSegments(database, files, segments, from, to, pin(segments)),
    sweep() {
      if (!unswept) return;
      // Unpinning a body sets `unswept` again.
      unswept = false;
      try {
        for (const row of sql('SELECT id, file FROM s3_body WHERE holders = 0').all()) {
          const { id, file } = row as { id: number; file: string | null };
          if (!pins.has(id)) remove(id, file);
        }
      } catch (error) {
        unswept = true;
        if (!isDiskFull(error)) throw error;
      }
    },
  };
}

/** The id of the database, which is also in the folder of its files. */
function storeIdOf({ sql }: Database): string {
  const stored = sql('SELECT id FROM s3_store').get()?.['id'];
  if (typeof stored === 'string') return stored;
  // Not from the seeded source, because two states must never have the same id.
  const id = createRandom().hex(32);
  sql('INSERT INTO s3_store VALUES (?)').run(id);
  return id;
}

/** Throws for files of another database: a database that was lost or replaced knows none of them, and they may be needed. */
function claimFiles(files: BodyFiles, storeId: string, hasRow: (file: string) => boolean): void {
  const owner = files.owner();
  if (owner === storeId) return;
  const names = files.names();
  const isOwn = owner === undefined && names.some(hasRow);
  if (names.length > 0 && !isOwn) {
    throw new Error(
      `The database knows no file of ${files.folder} (number of files: ${names.length}): it is new or belongs to another state. Nothing was removed. Restore the database, move the files away, or choose another DATA_DIR`,
    );
  }
  files.setOwner(storeId);
}

async function* readSegments(
  database: Database,
  files: BodyFiles,
  segments: readonly Segment[],
  from: number,
  to: number,
  done: () => void,
) {
  try {
    let start = 0;
    for (const { body, size } of segments) {
      const [first, last] = [Math.max(0, from - start), Math.min(size, to - start)];
      if (body !== null && first < last) yield* readBody(database, files, body, first, last);
      start += size;
    }
  } finally {
    done();
  }
}

async function* readBody({ sql }: Database, files: BodyFiles, id: number, from: number, to: number) {
  const row = sql('SELECT file, bytes FROM s3_body WHERE id = ?').get(id) as
    | { file: string | null; bytes: Uint8Array | null }
    | undefined;
  if (row?.bytes) yield row.bytes.subarray(from, to);
  else if (row?.file) yield* files.read(row.file, from, to - from);
  else throw new Error(`the body ${id} does not exist`);
}
