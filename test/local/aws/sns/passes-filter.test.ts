import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { passesFilter } from '../../../../local/aws/sns/filter/passes-filter.ts';

const envelope = {
  Type: 'Notification' as const,
  MessageId: 'm',
  TopicArn: 't',
  Timestamp: '',
  Message: '',
  MessageAttributes: {
    kind: { Type: 'String', Value: 'final' },
    failed: { Type: 'Number', Value: '12' },
    tags: { Type: 'String.Array', Value: '["red","blue",7,true,null]' },
    broken: { Type: 'String.Array', Value: 'red' },
    address: { Type: 'String', Value: '10.1.2.3' },
    bytes: { Type: 'Binary', Value: 'AAAA' },
  },
};
const passes = (policy: object, scope?: string, body: unknown = {}) =>
  passesFilter(JSON.stringify(policy), scope, {
    ...envelope,
    Message: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe('a filter policy on attributes', () => {
  test.each([
    [{}, true],
    [{ kind: ['final', 'suspended'] }, true],
    [{ kind: ['suspended'] }, false],
    [{ kind: ['final'], failed: [12] }, true],
    [{ kind: ['final'], failed: [13] }, false],
    [{ failed: ['12'] }, false],
    [{ missing: ['x'] }, false],
    [{ missing: [null] }, false],
    [{ missing: [null, { 'anything-but': 'x' }] }, false],
    [{ missing: [{ exists: false }] }, true],
    [{ missing: ['x', { exists: false }] }, true],
    [{ missing: [{ exists: true }] }, false],
    [{ kind: [{ exists: true }] }, true],
    [{ kind: [{ exists: false }] }, false],
    [{ bytes: [{ exists: false }] }, true],
    [{ kind: [{ prefix: 'fi' }] }, true],
    [{ kind: [{ prefix: { 'equals-ignore-case': 'FI' } }] }, true],
    [{ kind: [{ suffix: 'al' }] }, true],
    [{ kind: [{ suffix: 'fin' }] }, false],
    [{ kind: [{ 'equals-ignore-case': 'FINAL' }] }, true],
    [{ kind: [{ wildcard: 'f*n*l' }] }, true],
    [{ kind: [{ wildcard: 'f*x*l' }] }, false],
    [{ kind: [{ wildcard: 'final*final' }] }, false],
    [{ address: [{ cidr: '10.1.0.0/16' }] }, true],
    [{ address: [{ cidr: '10.2.0.0/16' }] }, false],
    [{ address: [{ cidr: '10.1.2.3' }] }, true],
    [{ kind: [{ cidr: '10.0.0.0/8' }] }, false],
    [{ kind: [{ 'anything-but': ['final'] }] }, false],
    [{ kind: [{ 'anything-but': { prefix: 'sus' } }] }, true],
    [{ kind: [{ 'anything-but': { prefix: ['sus', 'fin'] } }] }, false],
    [{ kind: [{ 'anything-but': { wildcard: '*al' } }] }, false],
    [{ failed: [{ 'anything-but': [1, 12] }] }, false],
    [{ missing: [{ 'anything-but': 'x' }] }, false],
    [{ failed: [{ numeric: ['>', 0, '<=', 12] }] }, true],
    [{ failed: [{ numeric: ['=', 11] }] }, false],
    [{ kind: [{ numeric: ['=', 12] }] }, false],
    [{ tags: ['blue'] }, true],
    [{ tags: [7] }, true],
    [{ tags: [true] }, true],
    [{ tags: [null] }, true],
    [{ tags: ['green'] }, false],
    [{ tags: [{ 'anything-but': 'red' }] }, true],
    [{ broken: ['red'] }, true],
    [{ $or: [{ kind: ['suspended'] }, { failed: [12] }] }, true],
    [{ $or: [{ kind: ['suspended'] }, { failed: [13] }] }, false],
    [{ kind: ['final'], $or: [{ failed: [1] }, { $or: [{ failed: [2] }, { tags: ['red'] }] }] }, true],
  ])('%j passes: %s', (policy, expected) => {
    expect(passes(policy)).toBe(expected);
  });
});

describe('a filter policy on the message body', () => {
  const created = { eventName: 'ObjectCreated:Put', s3: { object: { key: 'auto-1' } } };
  const removed = { eventName: 'ObjectRemoved:Delete', s3: { object: { key: 'auto-2' } } };
  const home = { eventName: 'ObjectCreated:Put', s3: { object: { key: 'home-1' } } };
  const records = {
    Records: { s3: { object: { key: [{ prefix: 'auto-' }] } }, eventName: [{ prefix: 'ObjectCreated:' }] },
  };

  test.each<[string, object, unknown, boolean]>([
    ['a nested value', { job: { status: ['Complete'] } }, { job: { status: 'Complete' } }, true],
    ['another nested value', { job: { status: ['Failed'] } }, { job: { status: 'Complete' } }, false],
    ['a number', { tasks: [{ numeric: ['>=', 12] }] }, { tasks: 12 }, true],
    ['null', { a: [null] }, { a: null }, true],
    ['null for an absent value', { a: [null] }, {}, false],
    ['an element of an array', { tags: ['b'] }, { tags: ['a', 'b'] }, true],
    ['no element of an array', { tags: ['c'] }, { tags: ['a', 'b'] }, false],
    ['an element of a nested array', { tags: ['b'] }, { tags: ['a', [['b']]] }, true],
    ['an empty array is absent', { tags: [{ exists: false }] }, { tags: [] }, true],
    ['a nested absent value', { job: { missing: [{ exists: false }] } }, { job: {} }, true],
    ['an object instead of a value', { job: ['x'] }, { job: { x: 'x' } }, false],
    [
      'a property of the objects in an array, as in our notices',
      { topErrors: { errorCode: ['NoSuchKey'] } },
      { topErrors: [{ errorCode: 'AccessDenied' }, { errorCode: 'NoSuchKey' }] },
      true,
    ],
    ['two properties of one element', records, { Records: [removed, created] }, true],
    ['two properties of different elements', records, { Records: [removed, home] }, false],
    [
      'objects in arrays of arrays',
      records,
      { Records: [[{ ...created, s3: { object: [[{ key: 'auto-1' }]] } }]] },
      true,
    ],
    ['a path with dots', { 'a.b.c': ['x'] }, { a: { b: { c: 'x' } } }, true],
    ['a name with dots', { 'a.b.c': ['x'] }, { 'a.b': { c: 'x' } }, true],
    ['both, of which one matches', { a: { b: ['x'] } }, { a: { b: 'y' }, 'a.b': 'x' }, true],
    ['a string that is not an object', { a: ['x'] }, '"x"', false],
    ['text that is not JSON', { a: [{ exists: false }] }, 'plain', false],
    ['an empty policy and text that is not JSON', {}, 'plain', true],
    [
      'alternatives at two levels',
      { $or: [{ m: ['c', 'r'] }, { n: ['e'] }], d: { s: ['S'], $or: [{ a: ['w'] }, { t: ['x'] }] } },
      { n: 'e', d: { s: 'S', t: 'x' } },
      true,
    ],
    [
      'alternatives at two levels, one missing',
      { $or: [{ m: ['c', 'r'] }, { n: ['e'] }], d: { s: ['S'], $or: [{ a: ['w'] }, { t: ['x'] }] } },
      { n: 'e', d: { s: 'S' } },
      false,
    ],
  ])('%s', (_, policy, body, expected) => {
    expect(passes(policy, 'MessageBody', body)).toBe(expected);
  });

  test('a message that is nested 100,000 deep is judged', () => {
    expect(passes({ a: ['x'] }, 'MessageBody', `{"a":${'['.repeat(100_000)}"x"${']'.repeat(100_000)}}`)).toBe(
      true,
    );
  });

  test('any array matches if an element does', () => {
    const scalar = fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 2 }), fc.boolean());
    fc.assert(
      fc.property(
        fc.array(scalar, { minLength: 1 }),
        fc.array(scalar, { minLength: 1 }),
        (values, wanted) => {
          const expected = values.some((value) => wanted.includes(value));
          expect(passes({ p: { q: wanted } }, 'MessageBody', { p: [{ q: values }] })).toBe(expected);
        },
      ),
    );
  });
});
