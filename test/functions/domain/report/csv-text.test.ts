import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvOf } from '../../../../functions/domain/report/csv-text.ts';

const sign = fc.constantFrom('=', '+', '-', '@', '\uff1d', '\uff0b', '\uff0d', '\uff20');
const white = fc.string({ unit: fc.constantFrom('\n', '\r', '\t', ' ', '\u00a0', '\u3000'), maxLength: 3 });
const text = fc.string({ unit: 'binary', maxLength: 20 });
const cell = fc.oneof(
  text,
  fc.tuple(white, sign, text).map((parts) => parts.join('')),
  fc.tuple(fc.constantFrom('\n', '\r', '\t'), text).map((parts) => parts.join('')),
);

/** The cell as a reader of CSV gets it. */
const readCell = (value: string): string => {
  const [, [read = '']] = parse(csvOf(['cell'], [{ cell: value }]), {
    relax_column_count: true,
    record_delimiter: '\r\n',
  }) as [string[], string[]];
  return read;
};

const startsFormula = (read: string) =>
  /^[\n\r\t]/.test(read) || /^[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(read.trimStart());

test('no cell starts a formula, and only an apostrophe is added', () => {
  fc.assert(
    fc.property(cell, (value) => {
      const read = readCell(value);
      expect(startsFormula(read)).toBe(false);
      expect(read).toBe(startsFormula(value) ? `'${value}` : value);
    }),
  );
});

test.each(['=1+1', '\n=1+1', '\uff1d1+1', '\uff0b1', '\uff0d1', '\uff20home', ' =1'])(
  '%j becomes text',
  (value) => {
    expect(readCell(value)).toBe(`'${value}`);
  },
);
