/** Invalid bodies that do not start from a valid one. */
import fc, { type Arbitrary } from 'fast-check';
import { canary } from './bodies.ts';
import { ACCOUNT } from './lists.ts';

const operation = '"Operation":{"S3DeleteObjectTagging":{}}';
const many = (count: number, item: string, between = ',') =>
  Array.from({ length: count }, () => item).join(between);
const members = (count: number) => Array.from({ length: count }, (_, i) => `"m${i}":1`).join(',');

/** Texts of all kinds. Large ones are built on demand. */
const texts: (() => string)[] = [
  () => '{',
  () => 'null',
  () => '[]',
  () => '"x"',
  () => '1e999',
  () => '\ufeff{}',
  () => '{"Operation":{"__proto__":{}}}',
  () => `{${operation},${operation}}`,
  () => `{${operation},"Objects":[],"Priority":1e999}`,
  () => `{${operation},"Objects":[{"Bucket":"data","Key":"\\ud800${canary('Key')}"}]}`,
  () => `{${operation},"__proto__":{"Objects":[{"Bucket":"data","Key":"a"}]}}`,
  () => `{${operation},"Manifest":{"Location":{"ObjectArn":"arn:aws:s3:::lists/in/missing.csv"}}}`,
  () => many(20_000, '[', ''),
  () => `${many(20_000, '[', '')}${many(20_000, ']', '')}`,
  () => `{${operation},"Objects":${many(5000, '{"a":', '')}1${many(5000, '}', '')}}`,
  () => `{${operation},"Objects":[${many(10_001, '{"Bucket":"data","Key":"a"}')}]}`,
  () => `{${operation},"Objects":[${many(20_000, '{}')}]}`,
  () => `{${members(20_000)}}`,
  () => `{"Operation":{${members(20_000)}}}`,
  () => `{"Operation":{"LambdaInvoke":{"UserArguments":{${members(5000)}}}}}`,
  () => `{${operation},"Tags":[${many(2000, '{"Key":"a","Value":"b"}')}]}`,
  () => `{${operation},"Description":"${'a'.repeat(900_000)}"}`,
  () => `{${operation},"Description":"${'a'.repeat(1_100_000)}"}`,
  () => `{"Operation":{"LambdaInvoke":{"FunctionArn":"${'a-'.repeat(500)}!"}}}`,
  () =>
    `{${operation},"Manifest":{"Location":{"ObjectArn":"arn:${'a'.repeat(900)}:s3:::${'b'.repeat(900)}"}}}`,
  () => `{${operation},"Report":{"Bucket":"arn:${'a:s3:'.repeat(24)}"}}`,
  () => `{"RoleArn":"${ACCOUNT}","AccountId":"${ACCOUNT}","Operation":null}`,
];

/** Any code points, including halves of surrogate pairs. */
const anyText = fc
  .array(fc.nat(0x10ffff), { maxLength: 100 })
  .map((points) => String.fromCodePoint(...points));

/** Invalid or abusive bodies; some are large. */
export const hostileText: Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...texts.slice(0, 12)).map((make) => make()) },
  { weight: 1, arbitrary: fc.constantFrom(...texts.slice(12)).map((make) => make()) },
  { weight: 2, arbitrary: fc.json({ maxDepth: 4 }) },
  {
    weight: 2,
    arbitrary: anyText.map((text) => text + canary('Junk')),
  },
);
