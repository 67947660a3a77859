import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KnownError } from '../../../../functions/core/errors.ts';
import { readJobRequest } from '../../../../functions/domain/request/job-request.ts';
import { instantOf } from '../../../../functions/domain/request/timestamps.ts';

const location = { Location: { ObjectArn: 'arn:aws:s3:::manifests/m.csv' } };
const valid = { Operation: { S3DeleteObjectTagging: {} }, Manifest: location };
const retention = (RetainUntilDate: string) => ({
  Operation: { S3PutObjectRetention: { Retention: { Mode: 'GOVERNANCE', RetainUntilDate } } },
  Manifest: location,
});

function faultsOf(body: unknown): { pointer: string; code: string; detail: string }[] {
  try {
    readJobRequest(body);
    return [];
  } catch (error) {
    if (error instanceof KnownError && error.name === 'InvalidRequest') return [...error.faults];
    throw error;
  }
}

const generator = { SourceBucket: 'arn:aws:s3:::data', EnableManifestOutput: false };

test.each([
  { LambdaInvoke: {} },
  { LambdaInvoke: { FunctionArn: 'resize', UserArguments: { width: '640' } } },
  { S3PutObjectCopy: { TargetResource: 'arn:aws:s3:::copies', ModifiedSinceConstraint: '2026-01-01' } },
  { S3PutObjectAcl: { AccessControlPolicy: { CannedAccessControlList: 'private' } } },
  { S3PutObjectTagging: { TagSet: [{ Key: 'team', Value: 'média' }] } },
  { S3DeleteObjectTagging: {} },
  { S3InitiateRestoreObject: { ExpirationInDays: 3, GlacierJobTier: 'BULK' } },
  { S3PutObjectLegalHold: { LegalHold: { Status: 'ON' } } },
  { S3PutObjectRetention: { Retention: {} } },
  { S3ReplicateObject: {} },
  { S3ComputeObjectChecksum: { ChecksumAlgorithm: 'SHA256', ChecksumType: 'COMPOSITE' } },
  {
    S3UpdateObjectEncryption: {
      ObjectEncryption: { SSEKMS: { KMSKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/1-2' } },
    },
  },
])('takes the operation %j', (Operation) => {
  expect(faultsOf({ Operation, Manifest: location })).toEqual([]);
});

describe('refuses, with a pointer', () => {
  test.each<[string, unknown, string, string]>([
    ['a body that is no object', [], '', 'type'],
    ['a missing operation', { Manifest: location }, '/Operation', 'required'],
    ['no operation', { ...valid, Operation: {} }, '/Operation', 'minProperties'],
    [
      'two operations',
      { ...valid, Operation: { S3DeleteObjectTagging: {}, S3ReplicateObject: {} } },
      '/Operation',
      'maxProperties',
    ],
    [
      'an unknown operation',
      { ...valid, Operation: { S3Delete: {} } },
      '/Operation/S3Delete',
      'additionalProperties',
    ],
    ['no manifest', { Operation: valid.Operation }, '', 'oneOf'],
    ['two sources of objects', { ...valid, Objects: [{ Bucket: 'data', Key: 'a' }] }, '', 'oneOf'],
    ['an unknown member', { ...valid, priority: 1 }, '/priority', 'additionalProperties'],
    ['a wrong enum', { ...valid, Report: { ReportScope: 'Some' } }, '/Report/ReportScope', 'enum'],
    ['a number as text', { ...valid, Priority: '1' }, '/Priority', 'type'],
    ['a priority out of range', { ...valid, Priority: 2 ** 31 }, '/Priority', 'maximum'],
    ...['cost center', 'team:name', '.dot', 'AWS.team', 'amazon.team', 'kind', 'jobRequestId'].map(
      (name): [string, unknown, string, string] => [
        `a tag key that is no attribute name: ${name}`,
        { ...valid, Watch: { TagAttributes: ['team', name] } },
        '/Watch/TagAttributes/1',
        'attributeName',
      ],
    ),
    [
      'our tag prefix',
      { ...valid, Tags: [{ Key: 'bucket-brigade:x', Value: '' }] },
      '/Tags/0/Key',
      'pattern',
    ],
    [
      'the same tag key twice',
      {
        ...valid,
        Operation: {
          S3PutObjectTagging: {
            TagSet: [
              { Key: 'a', Value: '1' },
              { Key: 'a', Value: '2' },
            ],
          },
        },
      },
      '/Operation/S3PutObjectTagging/TagSet/1/Key',
      'uniqueKeys',
    ],
    [
      'eleven object tags',
      {
        ...valid,
        Operation: {
          S3PutObjectTagging: { TagSet: Array.from({ length: 11 }, (_, i) => ({ Key: `${i}`, Value: '' })) },
        },
      },
      '/Operation/S3PutObjectTagging/TagSet',
      'maxItems',
    ],
    [
      'empty user arguments',
      { ...valid, Operation: { LambdaInvoke: { UserArguments: {} } } },
      '/Operation/LambdaInvoke/UserArguments',
      'minProperties',
    ],
    [
      'user arguments with schema 1.0',
      {
        ...valid,
        Operation: { LambdaInvoke: { InvocationSchemaVersion: '1.0', UserArguments: { a: 'b' } } },
      },
      '/Operation/LambdaInvoke/InvocationSchemaVersion',
      'schemaVersion',
    ],
    [
      'columns without the key',
      {
        ...valid,
        Manifest: { ...location, Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket'] } },
      },
      '/Manifest/Spec/Fields',
      'fields',
    ],
    [
      'two prefixes in a generator',
      {
        ...valid,
        Manifest: undefined,
        ManifestGenerator: {
          S3JobManifestGenerator: {
            ...generator,
            Filter: { KeyNameConstraint: { MatchAnyPrefix: ['a', 'b'] } },
          },
        },
      },
      '/ManifestGenerator/S3JobManifestGenerator/Filter/KeyNameConstraint/MatchAnyPrefix',
      'maxItems',
    ],
    [
      'objects of two buckets',
      {
        ...valid,
        Manifest: undefined,
        Objects: [
          { Bucket: 'one', Key: 'a' },
          { Bucket: 'two', Key: 'a' },
        ],
      },
      '/Objects/1/Bucket',
      'oneBucket',
    ],
    [
      'checksums for a report in a bucket whose owner is not said',
      {
        ...valid,
        Operation: { S3ComputeObjectChecksum: {} },
        Report: { Bucket: 'arn:aws:s3:::reports' },
      },
      '/Report/ExpectedBucketOwner',
      'required',
    ],
    [
      'a key that is too long once it is encoded',
      {
        ...valid,
        Manifest: undefined,
        Objects: ['é'.repeat(170), 'é'.repeat(171)].map((Key) => ({ Bucket: 'data', Key })),
      },
      '/Objects/1/Key',
      'maxLength',
    ],
    [
      'a day that does not exist',
      retention('2026-02-30'),
      '/Operation/S3PutObjectRetention/Retention/RetainUntilDate',
      'timestamp',
    ],
    [
      'an hour that does not exist',
      retention('2026-02-20T25:00:00Z'),
      '/Operation/S3PutObjectRetention/Retention/RetainUntilDate',
      'timestamp',
    ],
  ])('%s', (_, body, pointer, code) => {
    // JSON has no undefined members.
    const faults = faultsOf(JSON.parse(JSON.stringify(body)));
    expect(faults).toContainEqual({ pointer, code, detail: expect.any(String) });
  });

  test('all faults at once', () => {
    const faults = faultsOf({ Operation: {}, Manifest: location, Priority: -1, nonsense: true });
    expect(faults.map(({ pointer }) => pointer).sort()).toEqual(['/Operation', '/Priority', '/nonsense']);
  });
});

test.each([
  ['2026-01-02', '2026-01-02T00:00:00.000Z'],
  ['2026-01-02T03:04:05', '2026-01-02T03:04:05.000Z'],
  ['2026-01-02 03:04', '2026-01-02T03:04:00.000Z'],
  ['2026-01-02T03:04:05.5+02:00', '2026-01-02T01:04:05.500Z'],
  ['2026-01-02t03:04:05z', '2026-01-02T03:04:05.000Z'],
])('%s is the instant %s', (text, instant) => {
  expect(instantOf(text).toISOString()).toBe(instant);
});

describe('user arguments', () => {
  const requestWith = (UserArguments: unknown) => ({
    Operation: { LambdaInvoke: { UserArguments } },
    Manifest: location,
  });
  const argumentsOf = (body: unknown) => readJobRequest(body).Operation.LambdaInvoke?.UserArguments;

  test('of any JSON value become the text that S3 stores; text stays unchanged', () => {
    const value = fc.oneof(
      fc.string(),
      fc.jsonValue({ maxDepth: 3 }).filter((json) => json !== null),
    );
    const name = fc.stringMatching(/^[a-z]{1,8}$/);
    fc.assert(
      fc.property(fc.dictionary(name, value, { minKeys: 1, maxKeys: 10, noNullPrototype: true }), (given) => {
        const texts = Object.entries(given).map(([key, one]) => [
          key,
          typeof one === 'string' ? one : JSON.stringify(one),
        ]);
        fc.pre(texts.every(([, text]) => (text ?? '').length <= 1024));
        const before = JSON.stringify(given);
        expect(argumentsOf(requestWith(given))).toEqual(Object.fromEntries(texts));
        expect(JSON.stringify(given)).toBe(before);
      }),
    );
  });

  test.each([
    ['null', null, 'type'],
    ['an object whose text is too long', { list: 'x'.repeat(1024) }, 'maxLength'],
    ['a value nested 100,000 deep', JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)), 'maxLength'],
  ])('refuse %s', (_, value, code) => {
    expect(faultsOf(requestWith({ value }))).toEqual([
      expect.objectContaining({ pointer: '/Operation/LambdaInvoke/UserArguments/value', code }),
    ]);
  });

  test.each([[[]], ['text'], [7], [null]])('refuse %j instead of a map', (given) => {
    expect(faultsOf(requestWith(given))).toEqual([
      expect.objectContaining({ pointer: '/Operation/LambdaInvoke/UserArguments', code: 'type' }),
    ]);
  });
});
