import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createBodyTable } from '../../../../local/aws/s3/store/bodies.ts';
import { createBodyFiles } from '../../../../local/aws/s3/store/body-files.ts';
import { defineTables } from '../../../../local/aws/s3/store/schema.ts';
import { createUploadTable } from '../../../../local/aws/s3/store/uploads.ts';
import { createRandom } from '../../../../local/core/random.ts';
import { type Database, openDatabase } from '../../../../local/store/database.ts';
import { startS3, startS3WithBucket } from '../../../support/s3.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'bodies-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const LARGE = 'x'.repeat(100_000);
const bodies = () => readdirSync(join(dir, 'bodies')).sort();

async function storeLargeObject() {
  const s3 = await startS3WithBucket({ dir });
  await s3.put('large', LARGE);
  s3.database.close();
}

const removeDatabase = () => {
  for (const name of readdirSync(dir)) if (name !== 'bodies') rmSync(join(dir, name));
};

describe('files of bodies', () => {
  test('are kept, and the start is refused, when the database was lost', async () => {
    await storeLargeObject();
    const before = bodies();
    removeDatabase();
    const start = () => startS3({ dir });
    expect(start).toThrow(
      /^The database knows no file of .*bodies \(number of files: 1\).* Nothing was removed\./,
    );
    expect(bodies()).toEqual(before);
  });

  test('are kept, and the start is refused, when the database is that of another state', async () => {
    await storeLargeObject();
    const before = bodies();
    removeDatabase();
    const other = mkdtempSync(join(tmpdir(), 'bodies-'));
    const s3 = await startS3WithBucket({ dir: other });
    await s3.put('small', 'small');
    s3.database.close();
    for (const name of readdirSync(other)) {
      if (name.startsWith('bucket-brigade')) writeFileSync(join(dir, name), readFileSync(join(other, name)));
    }
    rmSync(other, { recursive: true });
    expect(() => startS3({ dir })).toThrow('belongs to another state');
    expect(bodies()).toEqual(before);
  });

  test('of an unknown owner are kept when the database knows none of them', () => {
    startS3({ dir }).database.close();
    rmSync(join(dir, 'bodies/database-id'));
    writeFileSync(join(dir, 'bodies/unknown'), 'precious');
    expect(() => startS3({ dir })).toThrow('Nothing was removed');
    expect(bodies()).toEqual(['unknown']);
  });

  test('that a killed process left before its commit are removed', async () => {
    await storeLargeObject();
    writeFileSync(join(dir, 'bodies/staged'), 'staged');
    const s3 = startS3({ dir });
    expect(bodies()).not.toContain('staged');
    expect(await s3.read('large')).toBe(LARGE);
    s3.database.close();
  });
});

test('reads at most one part of an upload for each part that is stored', () => {
  const database = openDatabase();
  defineTables(database);
  let rowsRead = 0;
  const counting: Database = {
    ...database,
    sql: (text) =>
      new Proxy(database.sql(text), {
        get: (statement, name) => {
          const member = Reflect.get(statement, name);
          if (typeof member !== 'function') return member;
          return (...values: unknown[]) => {
            const result = member.apply(statement, values);
            if (name === 'all') rowsRead += result.length;
            if (name === 'get' && result) rowsRead++;
            return result;
          };
        },
      }),
  };
  const random = createRandom('parts');
  const table = createBodyTable(counting, createBodyFiles(undefined), random);
  const uploads = createUploadTable(counting, table, random);
  const plan = {
    initiator: 'a',
    tags: null,
    facts: {},
    algorithm: 'CRC32',
    checksumType: 'FULL_OBJECT',
    isChecksumNamed: false,
  } as const;
  const id = uploads.create({ bucket: 1, key: 'k', initiated: 0, plan });
  const upload = { id, bucket: 1, key: 'k', initiated: 0, plan };
  rowsRead = 0;
  const put = (number: number) => {
    const body = table.adopt({ size: 1, content: { bytes: new Uint8Array(1) } });
    uploads.putPart(upload, { number, body, size: 1, etag: 'e', checksum: '', lastModified: 0 });
  };
  for (let number = 1; number <= 100; number++) put(number);
  for (let number = 1; number <= 100; number++) put(number);
  expect(rowsRead).toBeLessThanOrEqual(200);
  expect(uploads.parts(upload)).toHaveLength(100);
  const held = database.sql('SELECT count(*) AS count FROM s3_body WHERE holders = 1').get();
  expect(held).toEqual({ count: 100 });
});
