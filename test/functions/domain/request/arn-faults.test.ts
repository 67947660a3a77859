import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isKnownError, type KnownError } from '../../../../functions/core/errors.ts';
import { readJobRequest } from '../../../../functions/domain/request/job-request.ts';

const Objects = [{ Bucket: 'data', Key: 'a' }];
const tagging = { S3DeleteObjectTagging: {} };
const generator = (members: object) => ({
  Operation: tagging,
  ManifestGenerator: {
    S3JobManifestGenerator: {
      SourceBucket: 'arn:aws:s3:::data',
      EnableManifestOutput: false,
      ...members,
    },
  },
});
const output = (Bucket: string) => ({
  ManifestOutputLocation: { Bucket, ManifestFormat: 'S3InventoryReport_CSV_20211130' },
});

/** Members that hold the ARN of a bucket, with the member for a folder in it. */
const members: [string, string, (arn: string) => object][] = [
  [
    '/Operation/S3PutObjectCopy/TargetResource',
    'TargetKeyPrefix',
    (TargetResource) => ({ Operation: { S3PutObjectCopy: { TargetResource } }, Objects }),
  ],
  [
    '/Report/Bucket',
    'Prefix',
    (Bucket) => ({ Operation: tagging, Objects, Report: { Enabled: true, Bucket } }),
  ],
  [
    '/ManifestGenerator/S3JobManifestGenerator/SourceBucket',
    'Filter.KeyNameConstraint.MatchAnyPrefix',
    (SourceBucket) => generator({ SourceBucket }),
  ],
  [
    '/ManifestGenerator/S3JobManifestGenerator/ManifestOutputLocation/Bucket',
    'ManifestPrefix',
    (Bucket) => generator(output(Bucket)),
  ],
];

/** The faults of a body; none if it is accepted. */
function faultsOf(body: object): { pointer: string; detail: string; code: string }[] {
  try {
    readJobRequest(body);
    return [];
  } catch (error) {
    if (!isKnownError(error, 'InvalidRequest')) throw error;
    return [...(error as KnownError).faults];
  }
}

describe.each(members)('the ARN in %s', (pointer, prefixMember, bodyWith) => {
  test.each([
    'arn:aws:s3:::my-bucket',
    'arn:aws-cn:s3:::my.bucket',
    'arn:aws:s3express:us-east-1:123456789012:bucket/data--use1-az4--x-s3',
    'arn:aws:s3:us-east-1:123456789012:accesspoint/data',
  ])('may be %s', (arn) => {
    const isForBuckets = faultsOf(bodyWith(arn)).filter(({ code }) => code === 'arn');
    expect(isForBuckets).toEqual([]);
  });

  test('names the member for a folder', () => {
    expect(faultsOf(bodyWith('arn:aws:s3:::dest/folder/'))).toMatchObject([
      {
        pointer,
        detail: `has more than a bucket; use arn:aws:s3:::dest, and set ${prefixMember} to folder/`,
      },
    ]);
    expect(faultsOf(bodyWith('arn:aws:s3:::dest/'))).toMatchObject([
      { pointer, detail: 'has more than a bucket; use arn:aws:s3:::dest' },
    ]);
  });

  test('is refused in any other form', () => {
    const part = fc.constantFrom(
      '',
      'aws',
      's3',
      'S3',
      'us-east-1',
      'data',
      '123',
      ' ',
      '*',
      'x\ny',
      'a/b',
      '/',
    );
    const arns = fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => `arn:${parts.join(':')}`);
    fc.assert(
      fc.property(arns, (arn) => {
        fc.pre(!/^arn:aws:s3:::data$/.test(arn));
        const found = faultsOf(bodyWith(arn)).map((fault) => fault.pointer);
        expect(found).toContain(pointer);
      }),
    );
  });
});

test.each(['arn:aws:iam::1:role/x', 'arn:aws:iam::123456789012:user/x', 'arn:aws:iam::123456789012:role/'])(
  'the role %s is malformed',
  (RoleArn) => {
    expect(faultsOf({ Operation: tagging, Objects, RoleArn })).toMatchObject([{ pointer: '/RoleArn' }]);
  },
);
