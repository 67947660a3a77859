import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { readDocument, tableBelow } from '../support/markdown.ts';

const page = readDocument('docs/deploy.md');
const headings = ['What callers may name', 'Callers and tenants', 'Notices, logs, storage'];

const namesIn = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
const rows = headings
  .flatMap((heading) => tableBelow(page, heading))
  .flatMap(([names, , defaults = '']) => {
    const values = namesIn(defaults).map((value) => value.replaceAll('"', ''));
    return namesIn(names).map((name, index) => [name, values[index] ?? values[0] ?? ''] as const);
  });

const parameters: Record<string, unknown> = parse(readDocument('serverless.yml')).params.default;

test('docs/deploy.md has exactly the parameters of serverless.yml', () => {
  expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(parameters).sort());
});

test.each(rows)('docs/deploy.md has the default of %s', (name, documented) => {
  // A list of locations without a value stands for dataBuckets.
  expect(documented.replace(/^dataBuckets$/, '')).toBe(String(parameters[name] ?? ''));
});
