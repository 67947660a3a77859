import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createFirstRows } from '../../../../functions/domain/manifest/first-rows.ts';

const unit = fc.constantFrom('a', ' ', '%20', ',', '"', '\n', '\r\n', 'é', '😀');
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** The first rows of a manifest that arrives in pieces of some bytes. */
function firstOf(csv: Buffer, count: number, bytes: number): string | undefined {
  const first = createFirstRows(count);
  for (let at = 0; at < csv.length; at += bytes) if (!first.read(csv.subarray(at, at + bytes))) break;
  return first.end()?.toString();
}

test('the first rows end where a row ends, however the manifest is cut into pieces', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit, minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      (keys, count, bytes, lineEnd, endsWithLine) => {
        const rows = keys.map((key) => `data,${quoted(key)}${lineEnd}`);
        const whole = rows.join('');
        const csv = endsWithLine ? whole : whole.slice(0, -lineEnd.length);
        const expected = rows.length > count ? rows.slice(0, count).join('') : undefined;
        expect(firstOf(Buffer.from(csv), count, bytes)).toBe(expected);
      },
    ),
    { numRuns: 500 },
  );
});

test('rows of more than 64 MiB are refused', () => {
  const row = Buffer.from(`data,k,${'x'.repeat(1_000_000)}\n`);
  const first = createFirstRows(1000);
  const readAll = () => {
    for (let i = 0; i < 100; i++) first.read(row);
  };
  expect(readAll).toThrow(expect.objectContaining({ name: 'InvalidRequest' }));
});
