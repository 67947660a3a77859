import { describe, expect, test } from '@jest/globals';
import { passesFilter } from '../../../../local/aws/sns/filter-policy.ts';

const envelope = {
  Type: 'Notification' as const,
  MessageId: 'm',
  TopicArn: 't',
  Timestamp: '',
  Message: '{"job":{"status":"Complete","tasks":12},"tags":["a","b"]}',
  MessageAttributes: {
    kind: { Type: 'String', Value: 'final' },
    failed: { Type: 'Number', Value: '12' },
    tags: { Type: 'String.Array', Value: '["red","blue"]' },
  },
};

describe('a filter policy on attributes', () => {
  test.each([
    [{ kind: ['final', 'suspended'] }, true],
    [{ kind: ['suspended'] }, false],
    [{ kind: ['final'], failed: [12] }, true],
    [{ kind: ['final'], failed: [13] }, false],
    [{ missing: ['x'] }, false],
    [{ missing: [{ exists: false }] }, true],
    [{ kind: [{ exists: true }] }, true],
    [{ kind: [{ prefix: 'fi' }] }, true],
    [{ kind: [{ suffix: 'al' }] }, true],
    [{ kind: [{ 'equals-ignore-case': 'FINAL' }] }, true],
    [{ kind: [{ 'anything-but': ['final'] }] }, false],
    [{ kind: [{ 'anything-but': { prefix: 'sus' } }] }, true],
    [{ missing: [{ 'anything-but': 'x' }] }, false],
    [{ failed: [{ numeric: ['>', 0, '<=', 12] }] }, true],
    [{ failed: [{ numeric: ['=', 11] }] }, false],
    [{ tags: ['blue'] }, true],
    [{ tags: ['green'] }, false],
    [{ $or: [{ kind: ['suspended'] }, { failed: [12] }] }, true],
    [{ $or: [{ kind: ['suspended'] }, { failed: [13] }] }, false],
  ])('%j passes: %s', (policy, passes) => {
    expect(passesFilter(JSON.stringify(policy), undefined, envelope)).toBe(passes);
  });

  test('with an operator that is not done here fails by name', () => {
    expect(() => passesFilter('{"kind":[{"cidr":"10.0.0.0/8"}]}', undefined, envelope)).toThrow(/cidr/);
  });
});

describe('a filter policy on the message body', () => {
  test.each([
    [{ job: { status: ['Complete'] } }, true],
    [{ job: { status: ['Failed'] } }, false],
    [{ job: { tasks: [{ numeric: ['>=', 12] }] } }, true],
    [{ tags: ['b'] }, true],
    [{ job: { missing: [{ exists: false }] } }, true],
  ])('%j passes: %s', (policy, passes) => {
    expect(passesFilter(JSON.stringify(policy), 'MessageBody', envelope)).toBe(passes);
  });

  test('lets no message through that is not JSON', () => {
    expect(passesFilter('{"a":["b"]}', 'MessageBody', { ...envelope, Message: 'plain' })).toBe(false);
  });
});
