import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openDatabase } from '../../../local/store/database.ts';
import { isDiskFull, untilRoom } from '../../../local/store/disk-full.ts';
import { fillDisk, freeDisk } from '../../support/full-disk.ts';

const open = () => {
  const database = openDatabase();
  database.define('CREATE TABLE t (name TEXT PRIMARY KEY, bytes BLOB)');
  return database;
};
const BIG = new Uint8Array(100_000);

describe('a transaction on a full disk', () => {
  test('commits nothing, also when the work catches the error and continues', () => {
    const database = open();
    const insert = (name: string, bytes: Uint8Array) =>
      database.sql('INSERT INTO t VALUES (?, ?)').run(name, bytes);
    fillDisk(database, 1);
    const work = () => {
      insert('first', new Uint8Array(1));
      try {
        insert('large', BIG);
      } catch {
        // as code does that continues with the next object
      }
      insert('last', new Uint8Array(1));
    };
    expect(() => database.transaction(work)).toThrow('database or disk is full');
    freeDisk(database);
    expect(database.sql('SELECT count(*) AS count FROM t').get()).toEqual({ count: 0 });
    expect(database.transaction(() => insert('later', BIG)).changes).toBe(1);
  });

  test('rejects with the error of the disk, and not with the one of its ROLLBACK', () => {
    const database = open();
    fillDisk(database);
    const insert = () => database.sql('INSERT INTO t VALUES (?, ?)').run('a', BIG);
    expect(() => database.transaction(insert)).toThrow('database or disk is full');
    freeDisk(database);
    expect(database.transaction(insert).changes).toBe(1);
  });

  test('is known as such', () => {
    const database = open();
    fillDisk(database);
    let found: unknown;
    try {
      database.sql('INSERT INTO t VALUES (?, ?)').run('a', BIG);
    } catch (error) {
      found = error;
    }
    expect(isDiskFull(found)).toBe(true);
    expect(isDiskFull(Object.assign(new Error('write'), { code: 'ENOSPC' }))).toBe(true);
    expect([new Error('full'), undefined, Object.assign(new Error(), { errcode: 5 })].some(isDiskFull)).toBe(
      false,
    );
  });
});

test('undoes changes in memory when a transaction fails, in reverse order', () => {
  const change = fc.record({ key: fc.constantFrom('a', 'b', 'c'), value: fc.integer() });
  fc.assert(
    fc.property(fc.array(change), fc.array(change), (kept, lost) => {
      const database = open();
      const cache = new Map<string, number>();
      const set = ({ key, value }: { key: string; value: number }) => {
        const before = cache.get(key);
        cache.set(key, value);
        database.onRollback(() => (before === undefined ? cache.delete(key) : cache.set(key, before)));
      };
      database.transaction(() => kept.forEach(set));
      const expected = new Map(cache);
      const failing = () =>
        database.transaction(() => {
          lost.forEach(set);
          throw new Error('the work failed');
        });
      expect(failing).toThrow('the work failed');
      expect(cache).toEqual(expected);
    }),
  );
});

test('work is repeated until the disk has room, and other errors end it', async () => {
  const errors = [{ errcode: 13 }, { code: 'ENOSPC' }];
  let pauses = 0;
  const pause = async () => void pauses++;
  const work = () => {
    const error = errors.shift();
    if (error) throw error;
    return 'done';
  };
  expect(await untilRoom(work, pause)).toBe('done');
  expect(pauses).toBe(2);
  await expect(untilRoom(() => Promise.reject(new Error('other')), pause)).rejects.toThrow('other');
  expect(pauses).toBe(2);
});
