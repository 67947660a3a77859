import { describe, expect, test } from '@jest/globals';
import {
  type BucketFacts,
  type BucketQuestion,
  bucketFindings,
  bucketQuestions,
  manifestFindings,
  rowsToInspect,
} from '../../../../functions/domain/checks/bucket-checks.ts';
import { finding, keptWarnings, refuseErrors } from '../../../../functions/domain/checks/findings.ts';
import { nothingInspected, objectCountOf } from '../../../../functions/domain/checks/inspection.ts';

const stack = {
  bucket: 'stack',
  dataBuckets: ['data*'],
  workerArn: 'arn:aws:lambda:us-east-1:000000000000:function:worker:3',
};
const Manifest = { Location: { ObjectArn: 'arn:aws:s3:::manifests/m.csv' } };
const inspection = (...buckets: string[]) => ({ ...nothingInspected(), buckets });

const asked = (request: object, ...buckets: string[]) =>
  bucketQuestions(request as never, stack, inspection(...buckets)).map(({ part, bucket, settings }) => [
    part,
    bucket,
    ...settings,
  ]);

describe('the buckets to inspect', () => {
  const plain = { Operation: { S3DeleteObjectTagging: {} }, Manifest };

  test('are those of the manifest, the report and the rows', () => {
    const Report = { Bucket: 'arn:aws:s3:::reports' };
    expect(asked({ ...plain, Report }, 'data')).toEqual([
      ['manifest', 'manifests'],
      ['report', 'reports', 'lock'],
      ['data', 'data'],
    ]);
    expect(asked({ ...plain, Report: { ...Report, Enabled: false } })).toEqual([['manifest', 'manifests']]);
  });

  test('are at most three of the rows, and none that may not be inspected', () => {
    const rows = ['stack', 'no name', 'other', 'data--use1-az4--x-s3', 'data1', 'data2', 'data3', 'data4'];
    expect(asked(plain, ...rows).slice(1)).toEqual([
      ['data', 'data1'],
      ['data', 'data2'],
      ['data', 'data3'],
    ]);
  });

  test.each<[string, object, string[]]>([
    ['retention', { S3PutObjectRetention: { Retention: {} } }, ['lock']],
    ['legal hold', { S3PutObjectLegalHold: { LegalHold: { Status: 'ON' } } }, ['lock']],
    ['replication', { S3ReplicateObject: {} }, ['replication']],
    [
      'an ACL for others',
      { S3PutObjectAcl: { AccessControlPolicy: { CannedAccessControlList: 'private' } } },
      ['acls'],
    ],
    [
      'an ACL for the owner',
      { S3PutObjectAcl: { AccessControlPolicy: { CannedAccessControlList: 'bucket-owner-full-control' } } },
      [],
    ],
    [
      'grants to others',
      {
        S3PutObjectAcl: {
          AccessControlPolicy: {
            AccessControlList: {
              Owner: { ID: 'me' },
              Grants: [{ Grantee: { Identifier: 'me' } }, { Grantee: { Identifier: 'you' } }],
            },
          },
        },
      },
      ['acls'],
    ],
    [
      'grants to the owner',
      {
        S3PutObjectAcl: {
          AccessControlPolicy: {
            AccessControlList: { Owner: { ID: 'me' }, Grants: [{ Grantee: { Identifier: 'me' } }] },
          },
        },
      },
      [],
    ],
  ])('have the settings that the operation needs: %s', (_, Operation, settings) => {
    expect(asked({ Operation, Manifest }, 'data')).toEqual([
      ['manifest', 'manifests'],
      ['data', 'data', ...settings],
    ]);
  });

  test.each<[object, string[]]>([
    [{}, []],
    [{ CannedAccessControlList: 'bucket-owner-full-control' }, []],
    [{ CannedAccessControlList: 'private' }, ['acls']],
    [{ AccessControlGrants: [] }, []],
    [{ AccessControlGrants: [{}] }, ['acls']],
  ])('include the target of copies with %j', (copy, settings) => {
    const S3PutObjectCopy = { TargetResource: 'arn:aws:s3:::copies', ...copy };
    expect(asked({ Operation: { S3PutObjectCopy }, Manifest }, 'data').slice(1)).toEqual([
      ['target', 'copies', ...settings],
      ['origin', 'data'],
    ]);
  });

  test('include those of a manifest generator', () => {
    const ManifestGenerator = {
      S3JobManifestGenerator: {
        SourceBucket: 'arn:aws:s3:::data',
        ManifestOutputLocation: { Bucket: 'arn:aws:s3:::lists' },
      },
    };
    expect(asked({ Operation: { S3ReplicateObject: {} }, ManifestGenerator })).toEqual([
      ['source', 'data', 'replication'],
      ['report', 'lists'],
    ]);
  });

  test('point at Objects when the rows come from there', () => {
    const Objects = [{ Bucket: 'data', Key: 'a' }];
    const [question] = bucketQuestions(
      { Operation: plain.Operation, Objects } as never,
      stack,
      inspection('data'),
    );
    expect(question).toMatchObject({ pointer: '/Objects/0/Bucket' });
  });
});

describe('the findings for a bucket', () => {
  const question = (members: Partial<BucketQuestion> = {}): BucketQuestion => ({
    bucket: 'data',
    part: 'data',
    pointer: '/p',
    settings: [],
    ...members,
  });
  const codes = (asks: BucketQuestion, facts: BucketFacts) =>
    bucketFindings(asks, facts, 'us-east-1').map(({ code }) => code);

  test.each<[Partial<BucketQuestion>, BucketFacts, string[]]>([
    [{}, { state: 'there', region: 'us-east-1' }, []],
    [{}, { state: 'there' }, []],
    [{}, { state: 'hidden' }, ['unchecked']],
    [{}, { state: 'unknown' }, ['unchecked']],
    [{}, { state: 'missing' }, ['data-bucket-missing']],
    [{ part: 'origin' }, { state: 'missing' }, ['data-bucket-missing']],
    [{ settings: ['lock'] }, { state: 'missing' }, ['bucket-missing']],
    [{ settings: ['acls'] }, { state: 'missing' }, ['data-bucket-missing']],
    [{ part: 'manifest' }, { state: 'missing' }, ['bucket-missing']],
    [{}, { state: 'there', region: 'eu-west-1' }, ['wrong-region']],
    [{}, { state: 'hidden', region: 'eu-west-1' }, ['wrong-region']],
    [{ part: 'origin' }, { state: 'there', region: 'eu-west-1' }, []],
    [{ part: 'manifest' }, { state: 'there', region: 'eu-west-1' }, ['other-region']],
    [{ part: 'report' }, { state: 'there', region: 'eu-west-1' }, ['other-region']],
    [{ part: 'target' }, { state: 'there', region: 'eu-west-1' }, ['wrong-region']],
    [{ part: 'source' }, { state: 'there', region: 'eu-west-1' }, ['wrong-region']],
    [{}, { state: 'there', lock: 'hidden' }, ['unchecked']],
    [{}, { state: 'there', lock: 'off' }, ['no-object-lock']],
    [{}, { state: 'there', lock: 'on' }, []],
    [{}, { state: 'there', lock: 'on-by-default' }, []],
    [{ part: 'report' }, { state: 'there', lock: 'on-by-default' }, ['report-bucket-lock']],
    [{ part: 'report' }, { state: 'there', lock: 'off' }, []],
    [{ part: 'report' }, { state: 'there', lock: 'on' }, []],
    [{}, { state: 'there', replication: 'off' }, ['no-replication-rule']],
    [{}, { state: 'there', replication: 'hidden' }, ['unchecked']],
    [{}, { state: 'there', replication: 'on' }, []],
    [{}, { state: 'there', acls: 'off' }, ['acls-disabled']],
    [{}, { state: 'there', acls: 'hidden' }, ['unchecked']],
    [{}, { state: 'there', acls: 'on' }, []],
    [{}, { state: 'there', acls: 'hidden', replication: 'hidden' }, ['unchecked', 'unchecked']],
  ])('%j with %j: %j', (members, facts, expected) => {
    expect(codes(question(members), facts)).toEqual(expected);
    for (const each of bucketFindings(question(members), facts, 'us-east-1'))
      expect(each).toMatchObject({ pointer: '/p', detail: expect.stringContaining('data') });
  });
});

describe('the findings for a manifest object', () => {
  const found = (facts?: object, Format?: string) =>
    ({
      manifest: { ...Manifest, ...(Format && { Spec: { Format } }) },
      etag: 'e',
      ...(facts && { facts }),
    }) as never;
  const codes = (of: never | undefined) => manifestFindings(of).map(({ code }) => code);

  test.each<[unknown, string[]]>([
    [undefined, []],
    [{ csv: '', key: '', manifest: Manifest }, []],
    [found(), ['unchecked']],
    [found({ etag: 'e', size: 1 }), []],
    [found({ etag: 'other', size: 1 }), ['manifest-changed']],
    [found({ etag: 'e', size: 1, encryption: 'aws:kms' }), ['manifest-encryption']],
    [found({ etag: 'e', size: 1, encryption: 'aws:kms:dsse' }), ['manifest-encryption']],
    [found({ etag: 'e', size: 1, encryption: 'AES256' }), []],
    [found({ etag: 'e', size: 1, encryption: 'aws:kms' }, 'S3InventoryReport_CSV_20161130'), []],
  ])('%j: %j', (of, expected) => {
    expect(codes(of as never)).toEqual(expected);
  });
});

test('inspected are the first rows of listed buckets that have a key', () => {
  const rows = [
    { Bucket: 'data', Key: '' },
    { Bucket: 'other', Key: 'a' },
    { Bucket: 'data', Key: 'b' },
    { Bucket: 'data', Key: 'c' },
  ];
  const of = { ...nothingInspected(), firstRows: rows };
  expect(rowsToInspect(of, ['data'], 1)).toEqual([rows[2]]);
  expect(rowsToInspect(of, ['data'], 9)).toEqual([rows[2], rows[3]]);
});

test.each([
  [
    { rows: 10, isComplete: true, share: 1 },
    { count: 10, isExact: true, likely: 10 },
  ],
  [
    { rows: 10, isComplete: false, share: 0.25 },
    { count: 10, isExact: false, likely: 40 },
  ],
  [
    { rows: 10, isComplete: false, share: 0 },
    { count: 10, isExact: false, likely: 10 },
  ],
  [
    { rows: 10, isComplete: true, share: 0.5 },
    { count: 10, isExact: true, likely: 10 },
  ],
])('the number of objects after reading %j is %j', (members, expected) => {
  expect(objectCountOf({ ...nothingInspected(), ...members })).toEqual(expected);
});

test('errors are refused with their lines, and warnings are kept as far as they fit', () => {
  const warning = finding('raw-key', { lines: [3], count: 1 });
  const error = finding('columns', { lines: [1, 2], file: 'one.csv.gz', pointer: '/p' });
  expect(() => refuseErrors([warning])).not.toThrow();
  expect(() => refuseErrors([warning, error, finding('blank-line', { lines: [4] })])).toThrow(
    expect.objectContaining({
      name: 'ChecksFailed',
      faults: [
        expect.objectContaining({
          pointer: '/p',
          code: 'columns',
          detail: expect.stringMatching(/^lines 1, 2 of one\.csv\.gz: /),
        }),
        expect.objectContaining({
          pointer: '',
          code: 'blank-line',
          detail: expect.stringMatching(/^line 4: /),
        }),
      ],
    }),
  );
  expect(keptWarnings([error, ...Array.from({ length: 30 }, () => warning)])).toHaveLength(20);
  const long = finding('unchecked', { detail: 'x'.repeat(3000) });
  expect(keptWarnings([long, long, long, long])).toHaveLength(2);
});
