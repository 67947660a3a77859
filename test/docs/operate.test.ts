import { describe, expect, test } from '@jest/globals';
import { prices } from '../../functions/domain/checks/prices.ts';
import { readDocument, tableBelow } from '../support/markdown.ts';

const page = readDocument('docs/operate.md');

describe.each([
  'A stage that nobody uses, in a month',
  'A job that tags 1,000,000 objects in an hour',
  'The worker, for 1,000,000 objects of 100 ms each',
])('the costs of %s', (heading) => {
  const rows = tableBelow(page, heading);
  const items = rows.slice(0, -1).map(([, units, price, usd]) => [units, price, usd].map(Number));
  const rounded = (usd: number) => Number(usd.toFixed(2));

  test('are units times price', () => {
    expect(items.length).toBeGreaterThan(2);
    for (const [units = NaN, price = NaN, usd] of items) expect(usd).toBe(rounded(units * price));
  });

  test('add up to the last row', () => {
    expect(rows.at(-1)?.[0]).toBe('sum');
    expect(Number(rows.at(-1)?.[3])).toBe(rounded(items.reduce((sum, [, , usd = NaN]) => sum + usd, 0)));
  });
});

test('the prices are those of the estimate of a dry run', () => {
  const priceOf = (heading: string, item: string) =>
    Number(tableBelow(page, heading).find(([name]) => name === item)?.[2]);
  const job = 'A job that tags 1,000,000 objects in an hour';
  const worker = 'The worker, for 1,000,000 objects of 100 ms each';
  expect(priceOf(job, 'S3 Batch Operations: job')).toBe(prices.perJob);
  expect(priceOf(job, 'S3 Batch Operations: million objects')).toBe(prices.perMillionObjects);
  expect(priceOf(worker, 'Lambda: million invocations')).toBe(prices.perMillionInvocations);
});
