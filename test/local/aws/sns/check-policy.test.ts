import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkFilterPolicy } from '../../../../local/aws/sns/filter/check-policy.ts';
import { passesFilter } from '../../../../local/aws/sns/filter/passes-filter.ts';
import { AwsError } from '../../../../local/core/aws-error.ts';

const refusal = (policy: unknown, scope?: string): string | undefined => {
  try {
    checkFilterPolicy(typeof policy === 'string' ? policy : JSON.stringify(policy), scope);
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    expect([error.code, error.status]).toEqual(['InvalidParameter', 400]);
    return error.message.replace(/^Invalid parameter: (FilterPolicy: )?/, '');
  }
};
const many = (length: number) => Array.from({ length }, (_, i) => `v${i}`);

describe('a filter policy is refused with the words of SNS:', () => {
  test.each<[unknown, string]>([
    ['{invalidjson}', 'failed to parse JSON.'],
    [[], 'Filter must be an object'],
    [{ key: 'value' }, '"key" must be an object or an array'],
    [{ key: null }, '"key" must be an object or an array'],
    [{ key: [] }, 'Empty arrays are not allowed'],
    [{ key: [['value']] }, 'Match value must be String, number, true, false, or null'],
    [{ key: [{ 'wrong-operator': true }] }, 'Unrecognized match type wrong-operator'],
    [{ key: [{ constructor: true }] }, 'Unrecognized match type constructor'],
    [{ key: [{ suffix: 'a', prefix: 'b' }] }, 'Only one key allowed in match expression'],
    [{ key: [{ suffix: 100 }] }, 'suffix match pattern must be a string'],
    [{ key: [{ suffix: null }] }, 'suffix match pattern must be a string'],
    [{ key: [{ suffix: [] }] }, 'suffix match pattern must be a string'],
    [{ key: [{ suffix: ['a', 'b'] }] }, 'suffix match pattern must be a string'],
    [{ key: [{ prefix: {} }] }, 'prefix match pattern must be a string'],
    [{ key: { suffix: 'value' } }, '"suffix" must be an object or an array'],
    [{ key: { 'not-an-operator': 'value' } }, '"not-an-operator" must be an object or an array'],
    [{ key: [{ numeric: [] }] }, 'Invalid member in numeric match: ]'],
    [{ key: [{ numeric: ['operator'] }] }, 'Unrecognized numeric range operator: operator'],
    [{ key: [{ numeric: [1, '<='] }] }, 'Invalid member in numeric match: 1'],
    [{ key: [{ numeric: ['=', '000'] }] }, 'Value of equals must be numeric'],
    [{ key: [{ numeric: ['>='] }] }, 'Value of >= must be numeric'],
    [{ key: [{ numeric: ['<', 100, '>', 10] }] }, 'Too many elements in numeric expression'],
    [{ key: [{ numeric: ['>=', 1, '>', 2] }] }, 'Bad numeric range operator: >'],
    [{ key: [{ numeric: ['>', 3, '<', 1] }] }, 'Bottom must be less than top'],
    [{ key: [{ numeric: ['>', 20, '<='] }] }, 'Value of <= must be numeric'],
    [{ key: [{ numeric: ['>', 20, 30] }] }, 'Bad value in numeric range: 30'],
    [{ key: [{ numeric: ['>', 20, 'test'] }] }, 'Bad numeric range operator: test'],
    [{ key: [{ numeric: ['>', '20', '<', '30'] }] }, 'Value of > must be numeric'],
    [{ key: [{ numeric: ['>', 20, '<', '30'] }] }, 'Value of < must be numeric'],
    [{ key: [{ numeric: ['>', 20, '<', 30, '<', 50] }] }, 'Too many terms in numeric range expression'],
    [{ key: [{ exists: null }] }, 'exists match pattern must be either true or false.'],
    [{ key: [{ exists: 'no' }] }, 'exists match pattern must be either true or false.'],
    [
      { key: [{ 'anything-but': { 'wrong-operator': null } }] },
      'Unsupported anything-but pattern: wrong-operator',
    ],
    [{ key: [{ 'anything-but': { suffix: 'test' } }] }, 'Unsupported anything-but pattern: suffix'],
    [{ key: [{ 'anything-but': { exists: false } }] }, 'Unsupported anything-but pattern: exists'],
    [{ key: [{ 'anything-but': { prefix: false } }] }, 'prefix match pattern must be a string'],
    [{ key: many(151) }, 'Filter policy is too complex'],
    [{ key1: many(100), key2: many(51) }, 'Filter policy is too complex'],
    [
      { a: ['1'], b: ['1'], c: ['1'], d: ['1'], e: ['1'], f: ['1'] },
      'Filter policy can not have more than 5 keys',
    ],
    [
      { object: { key: ['value'] } },
      'Filter policy scope MessageAttributes does not support nested filter policy',
    ],
    [
      {
        source: many(4),
        $or: [{ name: many(6) }, { type: many(4), $or: [{ id: many(4) }, { space: many(4) }] }],
      },
      'Filter policy is too complex',
    ],
  ])('%j', (policy, message) => {
    expect(refusal(policy)).toBe(message);
  });

  test.each<[object, string]>([
    [{ a: { b: { c: many(4) } }, d: { e: many(3) }, f: many(3) }, 'Filter policy is too complex'],
    [{ a: {} }, 'Empty objects are not allowed'],
  ])('%j on the message body', (policy, message) => {
    expect(refusal(policy, 'MessageBody')).toBe(message);
  });
});

describe('a filter policy is accepted:', () => {
  test.each<[object, string | undefined]>([
    [{}, undefined],
    [{ key: many(150) }, undefined],
    [{ key: [{ 'anything-but': { prefix: 'test-' } }] }, undefined],
    [{ key: [{ 'anything-but': ['test', 'test2'] }] }, undefined],
    [{ key: [{ 'anything-but': 5 }] }, undefined],
    [{ key: [null, true, 1, 'a'] }, undefined],
    [{ object: { key: ['value'] } }, 'MessageBody'],
    [
      {
        source: many(3),
        $or: [{ name: many(6) }, { type: many(4), $or: [{ id: many(4) }, { space: many(7) }] }],
      },
      undefined,
    ],
  ])('%j, scope %s', (policy, scope) => {
    expect(refusal(policy, scope)).toBeUndefined();
  });
});

test('any JSON is a policy that can be evaluated, or is refused', () => {
  const operators = fc.constantFrom(
    'prefix',
    'numeric',
    'exists',
    'anything-but',
    'wildcard',
    'cidr',
    '$or',
    'a',
  );
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, 1, 'a', '=', '10.0.0.0/8'),
      tie('list'),
      tie('object'),
    ),
    list: fc.array(tie('value'), { maxLength: 3 }),
    object: fc.dictionary(operators, tie('value'), { maxKeys: 3 }),
  }));
  fc.assert(
    fc.property(
      json.object,
      fc.constantFrom('MessageBody', 'MessageAttributes'),
      json.value,
      (policy, scope, body) => {
        if (refusal(policy, scope) !== undefined) return;
        const envelope = { Type: 'Notification' as const, MessageId: 'm', TopicArn: 't', Timestamp: '' };
        const passed = passesFilter(JSON.stringify(policy), scope, {
          ...envelope,
          Message: JSON.stringify(body),
        });
        expect(typeof passed).toBe('boolean');
      },
    ),
    { numRuns: 1_000 },
  );
});
