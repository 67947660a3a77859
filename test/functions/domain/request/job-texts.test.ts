import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KnownError } from '../../../../functions/core/errors.ts';
import cancelRequest from '../../../../functions/core/generated/cancel-request.mjs';
import jobTags from '../../../../functions/core/generated/job-tags.mjs';
import retryFailed from '../../../../functions/core/generated/retry-failed.mjs';
import { checkedBody } from '../../../../functions/core/validators.ts';
import { readJobRequest } from '../../../../functions/domain/request/job-request.ts';

interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  enum?: unknown[];
  pattern?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  minimum?: number;
  maxProperties?: number;
  minLength?: number;
}

const root: Schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../schemas/job-request.schema.json'), 'utf8'),
);

const SAMPLES = [
  'text',
  'none/',
  '000000000000',
  'arn:aws:s3:::bucket',
  'arn:aws:s3:::bucket/key',
  'arn:aws:kms:us-east-1:000000000000:key/1-2',
  '2026-01-01T00:00:00Z',
  'https://example.com',
  '0123456789',
  '0123456789abcdef0123-0123456789abcdef0123456789abcdef',
];

/** A value with every member of a schema. */
function fullValueOf({ $ref, ...schema }: Schema): unknown {
  if ($ref) return fullValueOf(root.$defs?.[$ref.replace('#/$defs/', '')] ?? {});
  if (schema.enum) return schema.enum[0];
  if (schema.items) return [fullValueOf(schema.items)];
  if (schema.type === 'boolean') return true;
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
  if (schema.type === 'object') {
    const members = Object.entries(schema.properties ?? {}).map(([name, member]) => [
      name,
      fullValueOf(member),
    ]);
    // One of several encryptions: the one that names a key.
    if (schema.maxProperties === 1 && schema.properties?.['SSEKMS'])
      return { SSEKMS: fullValueOf(schema.properties['SSEKMS']) };
    const open = typeof schema.additionalProperties === 'object' ? [['name', 'text']] : [];
    return Object.fromEntries([...members, ...open]);
  }
  const { pattern = '', minLength = 0 } = schema;
  const sample = SAMPLES.find((text) => text.length >= minLength && new RegExp(pattern, 'u').test(text));
  if (sample === undefined) throw new Error(`no sample for ${schema.pattern}`);
  return sample;
}

const whole = fullValueOf(root) as Record<string, Record<string, unknown>>;
const { Operation: operations = {}, Manifest, ManifestGenerator, Objects, RowsOf, ...others } = whole;

/** Bodies that together have every member: one operation and one source of objects in each. */
const bodies = [
  ...Object.entries(operations).map(([name, operation]) => ({
    ...others,
    Operation: { [name]: operation },
    Manifest,
  })),
  ...[{ ManifestGenerator }, { Objects }].map((source) => ({
    ...others,
    Operation: { S3DeleteObjectTagging: {} },
    ...source,
  })),
];

interface Text {
  pointer: string;
  write(text: string): unknown;
}

/** Each text in a value, with a copy of the value in which it is replaced. */
function textsIn(value: unknown, pointer = ''): Text[] {
  if (typeof value === 'string') return [{ pointer, write: (text) => text }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    textsIn(member, `${pointer}/${name}`).map(({ pointer: inner, write }) => ({
      pointer: inner,
      write: (text: string) =>
        Array.isArray(value)
          ? value.map((other, index) => (String(index) === name ? write(text) : other))
          : { ...value, [name]: write(text) },
    })),
  );
}

const texts = [
  ...new Map(bodies.flatMap((body) => textsIn(body)).map((text) => [text.pointer, text])).values(),
];
const isObjectKey = ({ pointer }: Text) => pointer === '/Objects/0/Key';

function faultsOf(read: () => unknown): { pointer: string; code: string; detail: string }[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof KnownError && error.name === 'InvalidRequest') return [...error.faults];
    throw error;
  }
}
const pointersOf = (body: unknown) => faultsOf(() => readJobRequest(body)).map(({ pointer }) => pointer);

/** The production Char of XML 1.0, 2.2. */
const isXmlChar = (code: number) =>
  code === 0x9 ||
  code === 0xa ||
  code === 0xd ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  code >= 0x10000;
const isXmlText = (text: string) => [...text].every((char) => isXmlChar(char.codePointAt(0) ?? 0));

const anyChar = fc.oneof(
  fc.integer({ min: 0, max: 0x1f }),
  fc.constantFrom(0x7f, 0x85, 0xa0, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xfffd, 0xfffe, 0xffff, 0x10000),
  fc.integer({ min: 0, max: 0x10ffff }),
);
const anyText = fc
  .array(anyChar, { minLength: 1, maxLength: 8 })
  .map((codes) => String.fromCodePoint(...codes));
const notXmlText = anyText.filter((text) => !isXmlText(text));

describe('a text that XML 1.0 cannot carry', () => {
  test('the bodies have every text of the schema', () => {
    for (const body of bodies)
      expect(faultsOf(() => readJobRequest(body)).map(({ code }) => code)).not.toContain('minLength');
    const pointers = new Set(texts.map(({ pointer }) => pointer));
    expect(pointers.size).toBeGreaterThan(50);
    for (const pointer of ['/Description', '/Report/Prefix', '/Operation/S3PutObjectCopy/TargetKeyPrefix'])
      expect(pointers).toContain(pointer);
  });

  test.each(texts.filter((text) => !isObjectKey(text)))('is refused in $pointer', ({ pointer, write }) => {
    fc.assert(
      fc.property(notXmlText, (text) => {
        expect(pointersOf(write(`text${text}`))).toContain(pointer);
      }),
      { numRuns: 20 },
    );
  });

  test.each([
    ['LambdaInvoke', 'UserArguments'],
    ['S3PutObjectCopy', 'NewObjectMetadata/UserMetadata'],
  ])('is refused in a name of %s/%s', (operation, path) => {
    fc.assert(
      fc.property(notXmlText, (text) => {
        const named = path
          .split('/')
          .reduceRight<unknown>((inner, name) => ({ [name]: inner }), { [`n${text}`]: 'value' });
        const body = {
          Manifest: { Location: { ObjectArn: 'arn:aws:s3:::data/k' } },
          Operation: {
            [operation]: {
              ...(operation === 'S3PutObjectCopy' && { TargetResource: 'arn:aws:s3:::data' }),
              ...(named as object),
            },
          },
        };
        expect(pointersOf(body)).toEqual([
          `/Operation/${operation}/${path}/n${text.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        ]);
      }),
    );
  });

  test('any other text is accepted', () => {
    const body = {
      Operation: { S3DeleteObjectTagging: {} },
      Manifest: { Location: { ObjectArn: 'arn:aws:s3:::data/k' } },
    };
    fc.assert(
      fc.property(anyText, (Description) => {
        expect(pointersOf({ ...body, Description }).length).toBe(isXmlText(Description) ? 0 : 1);
      }),
    );
  });

  test.each([
    ['a cancel reason', cancelRequest, (text: string) => ({ reason: text }), '/reason'],
    ['the description of a retry', retryFailed, (text: string) => ({ Description: text }), '/Description'],
    ['a code of a retry', retryFailed, (text: string) => ({ Codes: [text] }), '/Codes/0'],
    ['a job tag', jobTags, (text: string) => ({ Tags: [{ Key: 'k', Value: text }] }), '/Tags/0/Value'],
  ])('is refused in %s', (_, validate, bodyOf, pointer) => {
    fc.assert(
      fc.property(notXmlText, (text) => {
        const read = () => checkedBody<unknown>(validate as never, bodyOf(text));
        expect(faultsOf(read).map((fault) => fault.pointer)).toEqual([pointer]);
      }),
    );
  });

  test('an object key can have any character', () => {
    const body = { Operation: { S3DeleteObjectTagging: {} } };
    fc.assert(
      fc.property(
        // The reader of JSON refuses half of a surrogate pair.
        anyText.filter((text) => text.isWellFormed()),
        (Key) => {
          expect(pointersOf({ ...body, Objects: [{ Bucket: 'data', Key }] })).toEqual([]);
        },
      ),
    );
  });
});

describe('a header of a copy', () => {
  const copyWith = (copy: object) => ({
    Manifest: { Location: { ObjectArn: 'arn:aws:s3:::data/k' } },
    Operation: { S3PutObjectCopy: { TargetResource: 'arn:aws:s3:::data', ...copy } },
  });
  const at = '/Operation/S3PutObjectCopy';

  /** A field value of HTTP (RFC 9110, 5.5). */
  const isHeaderValue = (text: string) =>
    text.trim() === text.replace(/^[\t ]+|[\t ]+$/g, '').trim() &&
    !/^[\t ]|[\t ]$/.test(text) &&
    [...text].every((char) => char === '\t' || ((char.codePointAt(0) ?? 0) >= 0x20 && char !== '\x7f'));

  const value = fc.oneof(
    anyText,
    fc.string({ minLength: 1 }),
    fc.constantFrom(' a', 'a ', 'a\tb', 'é', 'a\r\nb'),
  );

  test.each([
    'CacheControl',
    'ContentDisposition',
    'ContentEncoding',
    'ContentLanguage',
    'ContentType',
    'ContentMD5',
  ])('has a value that HTTP allows: %s', (name) => {
    fc.assert(
      fc.property(value, (text) => {
        const expected = isHeaderValue(text) && isXmlText(text) ? [] : [`${at}/NewObjectMetadata/${name}`];
        expect(pointersOf(copyWith({ NewObjectMetadata: { [name]: text } }))).toEqual(expected);
      }),
    );
  });

  test.each(['RedirectLocation', 'SSEAwsKmsKeyId'])('has a value that HTTP allows: %s', (name) => {
    fc.assert(
      fc.property(value, (text) => {
        const expected = isHeaderValue(text) && isXmlText(text) ? [] : [`${at}/${name}`];
        expect(pointersOf(copyWith({ [name]: text }))).toEqual(expected);
      }),
    );
  });

  const isToken = (name: string) => /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name);
  const name = fc.oneof(
    anyText,
    fc.string({ minLength: 1, maxLength: 20 }),
    fc.constantFrom('my key', 'a:b', 'a\r\nb', 'é', 'Camel-Case_9', 'x"', '(', '@'),
  );

  test('has a name that HTTP allows, and points at one that it does not', () => {
    fc.assert(
      fc.property(name, value, (key, text) => {
        const pointer = `${at}/NewObjectMetadata/UserMetadata/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        const isValid = isToken(key) && (text === '' || (isHeaderValue(text) && isXmlText(text)));
        const found = pointersOf(copyWith({ NewObjectMetadata: { UserMetadata: { [key]: text } } }));
        expect([...new Set(found)]).toEqual(isValid ? [] : [pointer]);
      }),
    );
  });

  test('has no name twice, because HTTP ignores case', () => {
    const UserMetadata = { team: 'a', Team: 'b', other: 'c' };
    expect(pointersOf(copyWith({ NewObjectMetadata: { UserMetadata } }))).toEqual([
      `${at}/NewObjectMetadata/UserMetadata/Team`,
    ]);
  });
});

describe('an object of a job request', () => {
  const objectWith = (object: object) => ({
    Operation: { S3DeleteObjectTagging: {} },
    Objects: [{ Bucket: 'data', Key: 'a', ...object }],
  });

  test.each([
    'arn:aws:s3:::data',
    'arn:aws:s3:us-east-1:000000000000:accesspoint/mine',
    'arn:aws-cn:s3:::data',
    's3://data',
    'data/folder',
    'data\nother,key',
    'data,other',
    'da"ta',
    'da ta',
    ' data',
    'ab',
    'bücket',
  ])('is not in the bucket %j', (Bucket) => {
    expect(pointersOf(objectWith({ Bucket }))).toEqual(['/Objects/0/Bucket']);
  });

  test.each(['data', 'my.bucket-1', 'data--use1-az4--x-s3', 'Old_Bucket'])(
    'can be in the bucket %j',
    (Bucket) => {
      expect(pointersOf(objectWith({ Bucket }))).toEqual([]);
    },
  );

  test('has a version id without white space and control characters', () => {
    fc.assert(
      fc.property(
        fc.oneof(anyText, fc.constantFrom('null', 'a,b', 'a\nb', 'a"b', '3/L4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY')),
        (VersionId) => {
          const isValid = /^[\x21-\x7e]+$/.test(VersionId);
          expect(pointersOf(objectWith({ VersionId }))).toEqual(isValid ? [] : ['/Objects/0/VersionId']);
        },
      ),
    );
  });
});
