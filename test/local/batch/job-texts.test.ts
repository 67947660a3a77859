import type { CreateJobRequest } from '@aws-sdk/client-s3-control';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  bucketOfArn as bucketAtTheApi,
  objectOfArn as objectAtTheApi,
} from '../../../functions/domain/allowed/arns.ts';
import { bucketOfArn, objectOfArn } from '../../../local/batch/arn.ts';
import { AwsError } from '../../../local/core/aws-error.ts';
import { type BatchStack, jobRequest, manifestAt, startBatch } from '../../support/batch.ts';

let stack: BatchStack;
beforeAll(async () => {
  stack = await startBatch();
});

const Manifest = manifestAt('m.csv', '9b2f4e7c1d8a5036e4f7b19c2d60a8e3');

/** The member of the refusal; undefined when the request makes a job. */
function refusalOf(overrides: Partial<CreateJobRequest>): string | undefined {
  try {
    stack.batch.createJob(jobRequest({ Manifest, ...overrides }));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    expect({ code: error.code, status: error.status }).toEqual({ code: 'InvalidRequest', status: 400 });
    return String(error.detail['Field']);
  }
  return undefined;
}

const copy = (members: object): Partial<CreateJobRequest> => ({
  Operation: { S3PutObjectCopy: { TargetResource: 'arn:aws:s3:::data', ...members } },
});
const copyMetadata = (members: object) => copy({ NewObjectMetadata: members });
const report = (members: object): Partial<CreateJobRequest> => ({
  Report: { ...jobRequest().Report, Enabled: true, ...members },
});
const generator = (members: object): Partial<CreateJobRequest> => ({
  Manifest: undefined,
  ManifestGenerator: {
    S3JobManifestGenerator: { SourceBucket: 'arn:aws:s3:::data', EnableManifestOutput: false, ...members },
  },
});

/** A control character other than tab and line ends, half of a surrogate pair, or a noncharacter. */
const forbidden = fc.oneof(
  fc.integer({ min: 0, max: 0x1f }).filter((code) => ![9, 10, 13].includes(code)),
  fc.integer({ min: 0xd800, max: 0xdfff }),
  fc.constantFrom(0xfffe, 0xffff),
);
const words = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 });
const forbiddenText = fc
  .tuple(words, forbidden, words)
  .map(([before, code, after]) => before + String.fromCharCode(code) + after);

describe('a text with a character that XML 1.0 cannot carry is refused in', () => {
  test.each<[string, (text: string) => Partial<CreateJobRequest>]>([
    ['Description', (Description) => ({ Description })],
    ['ClientRequestToken', (ClientRequestToken) => ({ ClientRequestToken })],
    ['Tags[0].Value', (Value) => ({ Tags: [{ Key: 'k', Value }] })],
    ['Report.Prefix', (Prefix) => report({ Prefix })],
    ['Operation.S3PutObjectCopy.TargetKeyPrefix', (TargetKeyPrefix) => copy({ TargetKeyPrefix })],
    ['Operation.S3PutObjectCopy.RedirectLocation', (RedirectLocation) => copy({ RedirectLocation })],
    [
      'Operation.S3PutObjectCopy.NewObjectTagging[0].Value',
      (Value) => copy({ NewObjectTagging: [{ Key: 'k', Value }] }),
    ],
    [
      'Operation.S3PutObjectCopy.NewObjectMetadata.ContentType',
      (ContentType) => copyMetadata({ ContentType }),
    ],
    [
      'Operation.S3PutObjectCopy.NewObjectMetadata.UserMetadata.k',
      (k) => copyMetadata({ UserMetadata: { k } }),
    ],
    [
      'Operation.LambdaInvoke.UserArguments.k',
      (k) => ({
        Operation: {
          LambdaInvoke: { FunctionArn: 'f', InvocationSchemaVersion: '2.0', UserArguments: { k } },
        },
      }),
    ],
    [
      'ManifestGenerator.S3JobManifestGenerator.Filter.KeyNameConstraint.MatchAnyPrefix[0]',
      (text) => generator({ Filter: { KeyNameConstraint: { MatchAnyPrefix: [text] } } }),
    ],
    [
      'Manifest.Location.ObjectArn',
      (text) => ({ Manifest: { ...Manifest, Location: { ObjectArn: `arn:aws:s3:::b/${text}`, ETag: 'e' } } }),
    ],
  ])('%s', (member, requestWith) => {
    fc.assert(
      fc.property(forbiddenText, (text) => {
        expect(refusalOf(requestWith(text))).toBe(member);
      }),
      { numRuns: 25 },
    );
  });

  test('the reason of a cancellation', () => {
    const { JobId } = stack.batch.createJob(jobRequest({ Manifest }));
    fc.assert(
      fc.property(forbiddenText, (StatusUpdateReason) => {
        expect(() =>
          stack.batch.updateJobStatus({
            AccountId: jobRequest().AccountId,
            JobId,
            RequestedJobStatus: 'Cancelled',
            StatusUpdateReason,
          }),
        ).toThrow('cannot carry');
      }),
    );
  });
});

test('any other text is a description', () => {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .filter((value) => [...value].length <= 256);
  fc.assert(
    fc.property(text, (Description) => {
      expect(refusalOf({ Description })).toBeUndefined();
    }),
  );
});

describe('metadata of a copy', () => {
  const TOKEN = "!#$%&'*+-.^_`|~0123456789abcxyzABCXYZ";

  test('has the characters of an HTTP header in its names', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), (name) => {
        const isToken = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name);
        const refusal = refusalOf(copyMetadata({ UserMetadata: { [name]: 'v' } }));
        expect(refusal === undefined).toBe(isToken);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...TOKEN), minLength: 1 }), (name) => {
        expect(refusalOf(copyMetadata({ UserMetadata: { [name]: 'v' } }))).toBeUndefined();
      }),
    );
  });

  test.each(['a b', 'a:b', 'a\r\nx-injected: 1', 'é', ' a'])('is refused with the name %j', (name) => {
    expect(refusalOf(copyMetadata({ UserMetadata: { [name]: 'v' } }))).toContain('UserMetadata');
  });

  const unprintable = fc.constantFrom('\n', '\r', '\r\n', '\x7f');
  test.each(['CacheControl', 'ContentDisposition', 'ContentEncoding', 'ContentLanguage', 'ContentType'])(
    'is refused with a line end or a control character in %s',
    (member) => {
      fc.assert(
        fc.property(words, unprintable, words, (before, end, after) => {
          expect(refusalOf(copyMetadata({ [member]: before + end + after }))).toContain(member);
        }),
      );
    },
  );

  test.each([' v', 'v ', '\tv', 'a\nb', 'a\r\nb: c'])('is refused with the value %j', (value) => {
    expect(refusalOf(copyMetadata({ UserMetadata: { name: value } }))).toContain('UserMetadata.name');
  });

  test.each(['', 'v', 'two words', 'a\tb', 'Füße, 足'])('may have the value %j', (value) => {
    expect(refusalOf(copyMetadata({ UserMetadata: { name: value } }))).toBeUndefined();
  });
});

describe('an ARN', () => {
  const part = fc.constantFrom(
    '',
    'aws',
    'aws-cn',
    's3',
    's3express',
    'us-east-1',
    '123456789012',
    'b',
    'accesspoint',
  );
  const bucketArn = fc.oneof(
    fc.array(part, { maxLength: 7 }).map((parts) => ['arn', ...parts].join(':')),
    fc
      .tuple(
        fc.constantFrom('arn:aws:s3:::', 'arn:aws:s3::', 'arn:aws:s3:us-east-1::', 'arn:aws:s3::1:', ''),
        words,
      )
      .map(([start, name]) => start + name),
  );

  test('names the same bucket as at the API, or is refused', () => {
    fc.assert(
      fc.property(bucketArn, (Bucket) => {
        const refusal = refusalOf(report({ Bucket }));
        if (refusal === undefined) expect(bucketOfArn(Bucket)).toBe(bucketAtTheApi(Bucket));
        else
          expect([refusal, /s3express/.test(Bucket) ? undefined : bucketAtTheApi(Bucket)]).toEqual([
            'Report.Bucket',
            undefined,
          ]);
      }),
      { numRuns: 200 },
    );
  });

  test('names the same object as at the API, or is refused', () => {
    fc.assert(
      fc.property(bucketArn, words, (bucket, key) => {
        const ObjectArn = `${bucket}/${key}`;
        const refusal = refusalOf({ Manifest: { ...Manifest, Location: { ObjectArn, ETag: 'e' } } });
        if (refusal === undefined) expect(objectOfArn(ObjectArn)).toEqual(objectAtTheApi(ObjectArn));
        else expect(refusal).toBe('Manifest.Location.ObjectArn');
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    'arn:aws:s3::b',
    'arn:aws:s3:::b/folder/',
    'arn:aws:s3:us-east-1:123456789012:b',
    'arn:aws:s3:::',
    'b',
  ])('%s is refused wherever a bucket belongs', (arn) => {
    expect(refusalOf(report({ Bucket: arn }))).toBe('Report.Bucket');
    expect(refusalOf(copy({ TargetResource: arn }))).toBe('Operation.S3PutObjectCopy.TargetResource');
    expect(refusalOf(generator({ SourceBucket: arn }))).toBe(
      'ManifestGenerator.S3JobManifestGenerator.SourceBucket',
    );
  });
});
