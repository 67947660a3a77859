import type { Database } from '../../../store/database.ts';
import { CURRENT } from '../store/schema.ts';
import { COLUMNS, type ObjectRow, type ObjectVersion, toVersion } from '../store/version.ts';

/** Where a walk starts: after a key, at a key, or after one version of a key. */
export type Position =
  | { after: string }
  | { from: string }
  | { afterVersion: { key: string; until: number } };

export interface WalkOptions {
  bucket: number;
  prefix: string;
  delimiter: string;
  start: Position;
  /** All versions and delete markers, instead of only current versions that are not delete markers. */
  allVersions: boolean;
}

/** One entry of a list: a version, or the prefix that several keys share up to the delimiter. */
export type Entry = { version: ObjectVersion } | { commonPrefix: string };

/** The smallest string, in UTF-8 order, after all strings with this prefix; undefined if there is none. */
export function successor(prefix: string): string | undefined {
  const points = [...prefix].map((character) => character.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === 0x10ffff) continue;
    // Surrogates are not code points of their own, so the next one after 0xD7FF is 0xE000.
    const next = last + 1 === 0xd800 ? 0xe000 : last + 1;
    return String.fromCodePoint(...points, next);
  }
  return undefined;
}

/** The entries of a bucket in key order, read lazily. */
export function* walk(database: Database, options: WalkOptions): Generator<Entry> {
  const { prefix, delimiter } = options;
  for (let position: Position | undefined = options.start; position; ) {
    const from: Position = position;
    position = undefined;
    for (const version of versionsFrom(database, options, from)) {
      const end = delimiter === '' ? -1 : version.key.indexOf(delimiter, prefix.length);
      if (end < 0) {
        yield { version };
        continue;
      }
      const commonPrefix = version.key.slice(0, end + delimiter.length);
      yield { commonPrefix };
      const next = successor(commonPrefix);
      if (next !== undefined) position = { from: next };
      break;
    }
  }
}

/** Versions with the prefix, starting at a position. */
function* versionsFrom(database: Database, { bucket, prefix, allVersions }: WalkOptions, position: Position) {
  const rows = allVersions
    ? everyVersion(database, bucket, position, prefix)
    : current(database, bucket, position, prefix);
  for (const row of rows) {
    if (!row.key.startsWith(prefix)) return;
    yield toVersion(row);
  }
}

const rowsOf = ({ sql }: Database, where: string, order: string, ...values: (string | number)[]) =>
  sql(`SELECT ${COLUMNS} FROM s3_object WHERE bucket = ? AND ${where} ORDER BY ${order}`).iterate(
    ...values,
  ) as IterableIterator<unknown> as IterableIterator<ObjectRow>;

const keyBound = (position: { after: string } | { from: string }) =>
  'after' in position ? (['key > ?', position.after] as const) : (['key >= ?', position.from] as const);

function current(database: Database, bucket: number, position: Position, prefix: string) {
  const [bound, key] = keyBound('afterVersion' in position ? { after: position.afterVersion.key } : position);
  return rowsOf(
    database,
    `${bound} AND key >= ? AND until = ${CURRENT} AND deleted = 0`,
    'key',
    bucket,
    key,
    prefix,
  );
}

function* everyVersion(database: Database, bucket: number, position: Position, prefix: string) {
  if ('afterVersion' in position) {
    const { key, until } = position.afterVersion;
    yield* rowsOf(database, 'key = ? AND until < ?', 'until DESC', bucket, key, until);
  }
  const [bound, key] = keyBound('afterVersion' in position ? { after: position.afterVersion.key } : position);
  yield* rowsOf(database, `${bound} AND key >= ?`, 'key, until DESC', bucket, key, prefix);
}
