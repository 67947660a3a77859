/** Makes valid bodies invalid by one change. */
import fc, { type Arbitrary } from 'fast-check';
import { canary, OTHER_MARK } from './bodies.ts';
import { ACCOUNT, STACK_BUCKET } from './lists.ts';

type Json = null | boolean | number | string | Json[] | { [member: string]: Json };

/** Unlisted roles, buckets, functions and accounts, and texts that try to escape a list. */
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
  `arn:aws:s3:::${STACK_BUCKET}`,
  `arn:aws:s3:::${STACK_BUCKET}/manifests/${OTHER_MARK}/a.csv`,
  `arn:aws:s3:::${STACK_BUCKET}/reports/${OTHER_MARK}/job-x/results/failed.csv`,
  `arn:aws:s3:::${STACK_BUCKET}/retries/${OTHER_MARK}-x/x.csv`,
  `reports/${OTHER_MARK}`,
  STACK_BUCKET,
];

/** ARNs of every shape. */
const arn = fc
  .tuple(
    fc.constantFrom('aws', 'aws-cn', 'aws-us-gov', '', '*', 'AWS'),
    fc.constantFrom('s3', 's3express', 'iam', 'lambda', 'kms', 's3-object-lambda', ''),
    fc.constantFrom('', 'us-east-1', 'eu-west-1', '-'),
    fc.constantFrom('', ACCOUNT, '999999999999', 'x'),
    fc.constantFrom(
      'data',
      'secret',
      STACK_BUCKET,
      'data/folder/',
      'accesspoint/data',
      'accesspoint:data',
      'bucket/data--use1-az4--x-s3',
      'role/admin',
      'lists/in/a.csv',
      'copies\n',
      '',
      '*',
      'a:b:c',
    ),
  )
  .map((parts) => ['arn', ...parts].join(':'));

const odd = [
  '',
  ' ',
  '\u0000',
  '\u0001',
  'a\u000bb',
  '\u001f',
  '\ufffe',
  '\uffff',
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
  arn,
  fc
    .constantFrom<Json>(...odd)
    .map((text) => (text === 'x'.repeat(5000) ? text : `${text}${canary('Junk')}`)),
  fc.constantFrom<Json>(null, true, 0, -1, 1.5, 1e300, 2 ** 53, [], {}, [[]], [null], { a: 1 }),
  fc.jsonValue({ maxDepth: 2 }) as Arbitrary<Json>,
);

/** Member names with a meaning in JavaScript, and unknown ones. */
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

/** Every inner value, with its parent. */
function membersIn(value: Json, found: { parent: Record<string, Json> | Json[]; name: string }[] = []) {
  if (value !== null && typeof value === 'object')
    for (const name of Object.keys(value)) {
      found.push({ parent: value, name });
      membersIn((value as Record<string, Json>)[name] as Json, found);
    }
  return found;
}

/** Defines a member. An assignment to `__proto__` would set the prototype. */
const put = (parent: object, name: string, value: Json) =>
  Object.defineProperty(parent, name, { value, enumerable: true, configurable: true, writable: true });

/** Members that notices contain; their canary has this name. */
const published: Record<string, string> = { Description: 'Desc', Prefix: 'Prefix', reason: 'Reason' };
const withName = (value: Json, name: string): Json =>
  typeof value === 'string' && Object.hasOwn(published, name)
    ? value.replace(canary('Junk'), canary(published[name] as string))
    : value;

function change(body: Json, { at, how, name, value }: Change): Json {
  const copy = structuredClone(body);
  const members = membersIn(copy);
  const member = members[at % Math.max(1, members.length)];
  if (!member) return value;
  const { parent, name: present } = member;
  const now = (parent as Record<string, Json>)[present] as Json;
  if (how === 'replace') put(parent, present, withName(value, present));
  else if (how === 'remove' && Array.isArray(parent)) parent.splice(Number(present), 1);
  else if (how === 'remove') delete (parent as Record<string, Json>)[present];
  else if (how === 'repeat' && Array.isArray(parent)) parent.push(structuredClone(now));
  else if (now !== null && typeof now === 'object' && !Array.isArray(now)) put(now, name, value);
  else if (!Array.isArray(parent)) put(parent, name, value);
  else parent.push(value);
  return copy;
}

/** A valid body with one change. */
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

/** Pointers at which a job request names a role, an account, a bucket, a function, a key, or a switch. */
const namingPointers = [
  '/RoleArn',
  '/AccountId',
  '/Report/Bucket',
  '/Report/Prefix',
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

/** The object that holds the last member of a pointer; undefined if it is not in the body. */
function holderOf(body: Json, pointer: string): Record<string, Json> | undefined {
  const names = pointer.split('/').slice(1, -1);
  const found = names.reduce<Json | undefined>(
    (at, name) => (at as Record<string, Json> | undefined)?.[name],
    body,
  );
  return found !== null && typeof found === 'object' ? (found as Record<string, Json>) : undefined;
}

/** A valid job request with one or two unlisted names. */
export const overreaching = (good: Arbitrary<object>): Arbitrary<object> =>
  fc
    .record({
      body: good,
      pointers: fc.array(fc.nat(50), { minLength: 1, maxLength: 2 }),
      names: fc.tuple(fc.oneof(fc.constantFrom(...outside), arn), fc.oneof(fc.constantFrom(...outside), arn)),
    })
    .map(({ body, pointers, names }) => {
      const copy = structuredClone(body) as Record<string, Json>;
      const reachable = namingPointers.filter((pointer) => holderOf(copy, pointer));
      for (const [i, nth] of pointers.entries()) {
        const pointer = reachable[nth % reachable.length] ?? '/RoleArn';
        const holder = holderOf(copy, pointer);
        if (holder) holder[pointer.split('/').at(-1) ?? ''] = names[i] as Json;
      }
      return copy;
    });
