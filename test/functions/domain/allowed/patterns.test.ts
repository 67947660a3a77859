import { describe, expect, test } from '@jest/globals';
import { bucketOfArn, functionReferenceOf, objectOfArn } from '../../../../functions/domain/allowed/arns.ts';
import { fitsOne, fitsPattern, isInside } from '../../../../functions/domain/allowed/patterns.ts';
import { roleArnOf } from '../../../../functions/domain/allowed/roles.ts';

test.each([
  ['data', 'data', true],
  ['data', 'data1', false],
  ['*', '', true],
  ['*', 'any', true],
  ['logs-*', 'logs-', true],
  ['logs-*', 'logs', false],
  ['*-logs', 'my-logs', true],
  ['*-logs', 'my-logs-2', false],
  ['a*b*c', 'abc', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'acb', false],
  ['a*bb*c', 'abc', false],
  ['ab*ba', 'aba', false],
  ['ab*ba', 'abba', true],
  ['', 'a', false],
  ['', '', true],
])('the pattern %j fits %j: %s', (pattern, text, expected) => {
  expect(fitsPattern(pattern, text)).toBe(expected);
  expect(fitsOne(['other', pattern], text)).toBe(expected);
});

describe('a location', () => {
  test.each<[string, Parameters<typeof isInside>[1], boolean]>([
    ['data', { bucket: 'data' }, true],
    ['data', { bucket: 'data', key: 'a' }, true],
    ['data', { bucket: 'data', prefix: 'a/' }, true],
    ['data', { bucket: 'other' }, false],
    ['data/in/*', { bucket: 'data' }, false],
    ['data/*', { bucket: 'data' }, true],
    ['data/in/*', { bucket: 'data', prefix: 'in/' }, true],
    ['data/in/*', { bucket: 'data', prefix: 'in/deep/' }, true],
    ['data/in/*', { bucket: 'data', prefix: 'in' }, false],
    ['data/in/*', { bucket: 'data', key: 'in/a' }, true],
    ['data/in/*', { bucket: 'data', key: 'out/a' }, false],
    ['data/in/*', { bucket: 'other', key: 'in/a' }, false],
    ['data/a', { bucket: 'data', key: 'a' }, true],
    ['data/a', { bucket: 'data', prefix: 'a' }, false],
    ['d*/in*', { bucket: 'data', prefix: 'in/' }, true],
  ])('%j holds %j: %s', (pattern, location, expected) => {
    expect(isInside([pattern], location)).toBe(expected);
    expect(isInside(['other-bucket', pattern], location)).toBe(expected);
  });

  test('is in no list without patterns', () => {
    expect(isInside([], { bucket: 'data' })).toBe(false);
  });
});

test.each([
  ['arn:aws:s3:::data', 'data'],
  ['arn:aws-cn:s3:::data', 'data'],
  ['arn:aws:s3express:us-east-1:000000000000:bucket/data--use1-az4--x-s3', 'data--use1-az4--x-s3'],
  ['arn:aws:s3:us-east-1:000000000000:accesspoint/mine', undefined],
  ['arn:aws:s3:::data/key', undefined],
  ['data', undefined],
])('the bucket of %j is %j', (arn, expected) => {
  expect(bucketOfArn(arn)).toBe(expected);
});

test.each([
  ['arn:aws:s3:::data/a/b:c', { bucket: 'data', key: 'a/b:c' }],
  ['arn:aws:s3:::data/a\nb', { bucket: 'data', key: 'a\nb' }],
  ['arn:aws:s3:::data', { bucket: '', key: '' }],
])('the object of %j is %j', (arn, expected) => {
  expect(objectOfArn(arn)).toEqual(expected);
});

test.each([
  ['resize', { name: 'resize' }],
  ['resize:7', { name: 'resize', qualifier: '7' }],
  ['resize:$LATEST', { name: 'resize', qualifier: '$LATEST' }],
  ['000000000000:function:resize', { name: 'resize', accountId: '000000000000' }],
  [
    'arn:aws:lambda:us-gov-west-1:000000000000:function:resize:live',
    { name: 'resize', qualifier: 'live', region: 'us-gov-west-1', accountId: '000000000000' },
  ],
  ['arn:aws:s3:::data', undefined],
  ['a b', undefined],
])('the function reference %j is %j', (text, expected) => {
  expect(functionReferenceOf(text)).toEqual(expected);
});

test.each([
  [undefined, 'arn:aws:iam::0:role/first'],
  ['arn:aws:iam::0:role/path/second', 'arn:aws:iam::0:role/path/second'],
  ['second', 'arn:aws:iam::0:role/path/second'],
  ['path/second', 'arn:aws:iam::0:role/path/second'],
  ['cond', undefined],
  ['third', undefined],
])('the role %j is %j', (name, expected) => {
  expect(roleArnOf(name, ['arn:aws:iam::0:role/first', 'arn:aws:iam::0:role/path/second'])).toBe(expected);
});
