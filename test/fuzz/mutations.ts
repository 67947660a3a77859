/** Ways to spoil a body: one change of a good one, or text that was never good. */
import fc, { type Arbitrary } from 'fast-check';
import { canary } from './bodies.ts';

type Json = null | boolean | number | string | Json[] | { [member: string]: Json };

/** Names of roles, buckets, functions and accounts that are on no list, and texts that try to get out of somewhere. */
const outside = [
  'arn:aws:iam::000000000000:role/admin',
  'arn:aws:iam::999999999999:role/BatchRole',
  'arn:aws:iam::000000000000:role/evil/BatchRole',
  'Role',
  'arn:aws:s3:::secret',
  'arn:aws:s3:::secret/manifest.csv',
  'arn:aws:s3:::lists/in/outside.csv',
  'arn:aws:s3:::lists/in/odd.csv',
  'arn:aws:s3:::lists/out/a.csv',
  'arn:aws:s3:::lists/in/../out/a.csv',
  'arn:aws:s3:::copies-of-others',
  'arn:aws:s3:::reports/../secret',
  'arn:aws:s3:us-east-1:000000000000:accesspoint/data',
  'arn:aws:s3:::data\nx',
  'secret',
  'arn:aws:lambda:us-east-1:000000000000:function:others',
  'arn:aws:lambda:us-east-1:999999999999:function:mine',
  'arn:aws:lambda:eu-west-1:000000000000:function:mine',
  'others',
  'mine:others',
  'arn:aws:kms:us-east-1:999999999999:key/11111111-2222-4333-8444-555555555555',
  '999999999999',
  'http://169.254.169.254/latest/meta-data',
  'COMPLIANCE',
  'public-read-write',
  'http://acs.amazonaws.com/groups/global/AllUsers',
];

const odd = [
  '',
  ' ',
  '\u0000',
  'a\r\nx-injected: 1',
  '\u001b[31m',
  '\ud800',
  '\u202etxt.exe',
  '$' + '{jndi:ldap://x}',
  '{% $eval("1") %}',
  "'; DROP TABLE jobs; --",
  '=HYPERLINK("http://x")',
  '<script>',
  'null',
  '../../../etc/passwd',
  'x'.repeat(5000),
  '😀'.repeat(300),
  'é',
];

const spoilt: Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(...outside),
  fc
    .constantFrom<Json>(...odd)
    .map((text) => (text === 'x'.repeat(5000) ? text : `${text}${canary('Junk')}`)),
  fc.constantFrom<Json>(null, true, 0, -1, 1.5, 1e300, 2 ** 53, [], {}, [[]], [null], { a: 1 }),
  fc.jsonValue({ maxDepth: 2 }) as Arbitrary<Json>,
);

/** Members that JavaScript has a meaning of its own for, and some that are nobody's. */
const strangers = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  canary('Junk'),
  'operation',
  '$ref',
];

interface Change {
  at: number;
  how: 'replace' | 'remove' | 'add' | 'repeat';
  name: string;
  value: Json;
}

/** Every value in a value with what it is in, the root left out. */
function placesIn(value: Json, found: { parent: Record<string, Json> | Json[]; name: string }[] = []) {
  if (value !== null && typeof value === 'object')
    for (const name of Object.keys(value)) {
      found.push({ parent: value, name });
      placesIn((value as Record<string, Json>)[name] as Json, found);
    }
  return found;
}

/** Not by assignment, which would set the prototype for the one name. */
const put = (parent: object, name: string, value: Json) =>
  Object.defineProperty(parent, name, { value, enumerable: true, configurable: true, writable: true });

/** Members that notices repeat: a canary there has their name. */
const told: Record<string, string> = { Description: 'Desc', Prefix: 'Prefix', reason: 'Reason' };
const placed = (value: Json, name: string): Json =>
  typeof value === 'string' && Object.hasOwn(told, name)
    ? value.replace(canary('Junk'), canary(told[name] as string))
    : value;

function change(body: Json, { at, how, name, value }: Change): Json {
  const copy = structuredClone(body);
  const places = placesIn(copy);
  const place = places[at % Math.max(1, places.length)];
  if (!place) return value;
  const { parent, name: present } = place;
  const now = (parent as Record<string, Json>)[present] as Json;
  if (how === 'replace') put(parent, present, placed(value, present));
  else if (how === 'remove' && Array.isArray(parent)) parent.splice(Number(present), 1);
  else if (how === 'remove') delete (parent as Record<string, Json>)[present];
  else if (how === 'repeat' && Array.isArray(parent)) parent.push(structuredClone(now));
  else if (now !== null && typeof now === 'object' && !Array.isArray(now)) put(now, name, value);
  else if (!Array.isArray(parent)) put(parent, name, value);
  else parent.push(value);
  return copy;
}

/** A good body with one change. */
export const nearly = (good: Arbitrary<object>): Arbitrary<object> =>
  fc
    .record({
      body: good,
      at: fc.nat(200),
      how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add', 'add', 'repeat'),
      name: fc.constantFrom(...strangers),
      value: spoilt,
    })
    .map(({ body, ...spoil }) => change(body as Json, spoil as Change) as object);

/** Where a job request can name a role, an account, a bucket, a function, a key, or what is switched off. */
const namingPlaces = [
  '/RoleArn',
  '/AccountId',
  '/Report/Bucket',
  '/Objects/0/Bucket',
  '/Manifest/Location/ObjectArn',
  '/ManifestGenerator/S3JobManifestGenerator/SourceBucket',
  '/ManifestGenerator/S3JobManifestGenerator/ManifestOutputLocation/Bucket',
  '/ManifestGenerator/S3JobManifestGenerator/ManifestOutputLocation/ManifestEncryption/SSEKMS/KeyId',
  '/Operation/LambdaInvoke/FunctionArn',
  '/Operation/S3PutObjectCopy/TargetResource',
  '/Operation/S3PutObjectCopy/SSEAwsKmsKeyId',
  '/Operation/S3PutObjectCopy/CannedAccessControlList',
  '/Operation/S3PutObjectCopy/ObjectLockMode',
  '/Operation/S3PutObjectRetention/Retention/Mode',
  '/Operation/S3PutObjectAcl/AccessControlPolicy/CannedAccessControlList',
  '/Operation/S3UpdateObjectEncryption/ObjectEncryption/SSEKMS/KMSKeyArn',
];

/** The object that has the member a pointer ends with; undefined when the way there is not in the body. */
function holderOf(body: Json, pointer: string): Record<string, Json> | undefined {
  const names = pointer.split('/').slice(1, -1);
  const found = names.reduce<Json | undefined>(
    (at, name) => (at as Record<string, Json> | undefined)?.[name],
    body,
  );
  return found !== null && typeof found === 'object' ? (found as Record<string, Json>) : undefined;
}

/** A good job request that names, at one or two of the places where it can, what is on no list. */
export const overreaching = (good: Arbitrary<object>): Arbitrary<object> =>
  fc
    .record({
      body: good,
      places: fc.array(fc.nat(50), { minLength: 1, maxLength: 2 }),
      names: fc.tuple(fc.constantFrom(...outside), fc.constantFrom(...outside)),
    })
    .map(({ body, places, names }) => {
      const copy = structuredClone(body) as Record<string, Json>;
      const reachable = namingPlaces.filter((pointer) => holderOf(copy, pointer));
      for (const [i, nth] of places.entries()) {
        const pointer = reachable[nth % reachable.length] ?? '/RoleArn';
        const holder = holderOf(copy, pointer);
        if (holder) holder[pointer.split('/').at(-1) ?? ''] = names[i] as Json;
      }
      return copy;
    });
