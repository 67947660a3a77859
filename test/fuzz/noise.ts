/** Valid and arbitrary queries and headers. */
import fc, { type Arbitrary } from 'fast-check';
import { canary } from './bodies.ts';

export const noise = fc
  .string({ maxLength: 30, unit: 'grapheme' })
  .map((text) => encodeURIComponent(text) + canary('Query'));

/** Valid and invalid values of parameters. */
const queryValues: Record<string, readonly string[]> = {
  status: ['Active', 'Suspended', 'Ended', 'Succeeded', 'x'],
  pageSize: ['1', '2', '50', '0', '51', '-1', '1e3', '٣', 'NaN'],
  pageToken: [
    'e30',
    'eyJza2lwIjowfQ',
    'eyJ0b2tlbiI6IngiLCJza2lwIjowfQ',
    'eyJza2lwIjoxZTk5fQ',
    'bnVsbA',
    '!!',
    '__proto__',
  ],
  scope: ['own', 'account', 'all'],
  code: ['NoSuchKey', 'AccessDenied', ''],
  dryRun: ['true', 'true', 'false', '1', ''],
  dryRunId: ['0'.repeat(64), 'x'],
};
/** A query for a call with these parameters. */
export const query = (names: readonly string[]): Arbitrary<string> =>
  fc
    .array(
      fc
        .oneof(
          {
            weight: 4,
            arbitrary: fc.constantFrom(...names, '__proto__', 'constructor'),
          },
          { weight: 1, arbitrary: noise },
        )
        .chain((name) =>
          fc
            .oneof(
              fc.constantFrom(
                ...(Object.hasOwn(queryValues, name) ? (queryValues[name] ?? []) : ['true', 'x', '']),
              ),
              noise,
            )
            .map((value) => `${name}=${value}`),
        ),
      { maxLength: 3 },
    )
    .map((pairs) => pairs.join('&'));

export const goodHeaders = fc.record(
  {
    'idempotency-key': fc.uuid(),
    'user-agent': fc.constant(canary('Header')),
    'if-none-match': fc.constant('"x"'),
  },
  { requiredKeys: [] },
);
export const oddHeaders = fc.record(
  {
    'content-type': fc.constantFrom(
      'application/json',
      'application/json; charset=utf-16',
      'text/plain',
      'application/x+json',
      '',
      'application/jsonp',
    ),
    'idempotency-key': fc.constantFrom(
      '',
      ' ',
      'k',
      canary('Header'),
      'x'.repeat(255),
      'x'.repeat(256),
      'ключ',
      '\u0000',
      '1',
    ),
    'if-none-match': fc.constantFrom('*', '"x"', 'W/"x", "y"', ','.repeat(2000)),
    accept: fc.constantFrom('text/csv', '*/*', 'application/json', 'text/html'),
    prefer: fc.constantFrom('wait=0', 'wait=5', 'wait=20', 'wait=-1', 'wait=1e9', 'respond-async', 'wait=x'),
    cookie: fc.constant(`session=${canary('Header')}`),
    'x-forwarded-for': fc.constant(canary('Header')),
    host: fc.constantFrom('localhost', 'evil.example', ''),
    __proto__: fc.constant('x'),
    constructor: fc.constant(canary('Header')),
  },
  { requiredKeys: [] },
);
