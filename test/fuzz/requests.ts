/** Requests of all calls: valid, with one fault, and hostile. */
import fc, { type Arbitrary } from 'fast-check';
import { calls } from '../../tools/api-calls.ts';
import { arbitraryOf } from './arbitrary.ts';
import { canary, schemaOf, validJobRequest } from './bodies.ts';
import { hostileText } from './hostile.ts';
import { nearly, overreaching } from './mutations.ts';
import { goodHeaders, noise, oddHeaders, query } from './noise.ts';

export type Kind = 'valid' | 'nearly' | 'hostile';

/** Each is a tenant. */
export const CALLERS = ['ann', 'bob', 'eve'] as const;
export type Caller = (typeof CALLERS)[number];

/** The tenant whose names a caller tries. */
export const otherOf = (caller: Caller): Caller =>
  CALLERS[(CALLERS.indexOf(caller) + 1) % CALLERS.length] as Caller;

/** A request before its job request is chosen. */
export interface RequestPlan {
  kind: Kind;
  route: string;
  caller: Caller;
  /** The job request: the nth of the caller or of another tenant, or an invalid id. */
  id: { of: 'own' | 'other'; nth: number } | { text: string };
  body?: string;
  headers: Record<string, string>;
  query: string;
  /** Steps of the watch of an accepted job request: 0 none, 1 created, 2 described, 3 ended. */
  watchSteps: number;
}

const own = fc.record({ of: fc.constant('own' as const), nth: fc.nat(50) });
const other = fc.record({ of: fc.constant('other' as const), nth: fc.nat(50) });
const noId = fc
  .oneof(
    fc.constantFrom(
      '__proto__',
      'constructor',
      '%00',
      '%2e%2e%2f',
      'x'.repeat(2000),
      '%ff',
      '%F0%9F%98%80',
      `${'0'.repeat(20)}-${'0'.repeat(32)}`,
      '*',
      '[a-f]',
    ),
    noise,
  )
  .map((text) => ({ text }));

/** Valid bodies by schema. */
const goodBodies: Record<string, Arbitrary<object>> = Object.fromEntries(
  Object.values(calls).flatMap(({ body }) =>
    body ? [[body, body === 'job-request' ? validJobRequest : arbitraryOf(schemaOf(body), wishFor)]] : [],
  ),
) as Record<string, Arbitrary<object>>;

function wishFor(pointer: string): Arbitrary<unknown> | undefined {
  if (pointer === '/reason') return fc.constant(canary('Reason'));
  if (pointer === '/Priority') return fc.nat(1000);
  if (pointer === '/Codes') return fc.constantFrom(['*'], ['SlowDown'], ['NoSuchKey', 'SlowDown']);
  if (pointer === '/Description') return fc.constant(canary('Desc'));
  if (pointer === '/Tags')
    return fc.uniqueArray(
      fc.record({ Key: fc.constantFrom('a', 'b', 'team'), Value: fc.constant(canary('Tag')) }),
      {
        maxLength: 3,
        selector: ({ Key }) => Key,
      },
    );
  return undefined;
}

function bodyOf(kind: Kind, name: string): Arbitrary<string> {
  const good = goodBodies[name] as Arbitrary<object>;
  if (kind === 'valid') return good.map((body) => JSON.stringify(body));
  if (kind === 'nearly') {
    const spoilt = name === 'job-request' ? fc.oneof(nearly(good), overreaching(good)) : nearly(good);
    return spoilt.map((body) => JSON.stringify(body));
  }
  return hostileText;
}

/** A tenth of the valid job requests are dry runs. */
const goodQuery = (route: string): Arbitrary<string> =>
  route === 'POST /jobs' ? fc.constantFrom('dryRun=true', ...Array<string>(9).fill('')) : fc.constant('');

function planOf(kind: Kind, route: string): Arbitrary<RequestPlan> {
  const { body, parameters = [] } = calls[route] as (typeof calls)[string];
  const names = parameters.map((name) =>
    name.replace('resultsPageSize', 'pageSize').replace('taskStatus', 'status'),
  );
  return fc.record({
    kind: fc.constant(kind),
    route: fc.constant(route),
    caller: fc.constantFrom(...CALLERS),
    id:
      kind === 'valid'
        ? own
        : fc.oneof(
            { weight: 3, arbitrary: own },
            { weight: 2, arbitrary: other },
            { weight: 1, arbitrary: noId },
          ),
    headers: kind === 'hostile' ? fc.oneof(goodHeaders, oddHeaders) : goodHeaders,
    query:
      kind === 'valid'
        ? goodQuery(route)
        : fc.oneof(
            { weight: kind === 'nearly' ? 8 : 1, arbitrary: fc.constant('') },
            { weight: 1, arbitrary: query(names) },
          ),
    watchSteps: fc.nat(3),
    ...(body && { body: bodyOf(kind, body) }),
  }) as Arbitrary<RequestPlan>;
}

const otherRoutes = Object.keys(calls).filter((route) => route !== 'POST /jobs');

/** Half of the requests submit jobs; a third are valid. */
export const requestPlan: Arbitrary<RequestPlan> = fc.oneof(
  ...(['valid', 'nearly', 'hostile'] as const).flatMap((kind) => [
    { weight: otherRoutes.length, arbitrary: planOf(kind, 'POST /jobs') },
    ...otherRoutes.map((route) => ({ weight: 1, arbitrary: planOf(kind, route) })),
  ]),
);
