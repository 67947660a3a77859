/** Bodies of POST /jobs that fit the schema, the rules and the lists of the deployment. */
import { readFileSync } from 'node:fs';
import fc, { type Arbitrary } from 'fast-check';
import { arbitraryOf, type Schema } from './arbitrary.ts';
import { ACCOUNT, functions, KMS_KEY, MAX_PRIORITY, manifests, ROLE, STACK_BUCKET } from './lists.ts';

export const schemaOf = (name: string): Schema =>
  JSON.parse(readFileSync(new URL(`../../schemas/${name}.schema.json`, import.meta.url), 'utf8'));

/** Placeholder of the caller in canaries until a request is sent. A canary names its caller and its member. */
export const WHO = 'Who';
/** Stands for the mark of the caller's tenant until a request is sent. */
export const MARK = 'MarkOfTheCaller';
/** The same for another tenant. */
export const OTHER_MARK = 'MarkOfAnother';
export const canary = (member: string) => `cnry${WHO}${member}`;

const arn = (...names: string[]) => fc.constantFrom(...names.map((name) => `arn:aws:s3:::${name}`));
const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
/** Text with a canary. */
const marked = (member: string): Arbitrary<string> =>
  fc
    .tuple(word, fc.constantFrom('', ' ', '/', '-', '.', ':'))
    .map(([text, between]) => `${text}${between}${canary(member)}`);
const key = fc
  .tuple(
    fc.string({ maxLength: 20, unit: 'grapheme' }),
    fc.constantFrom('a b', 'ü/+', '%2F', '=1+1', '日本', '"'),
  )
  .map(([start, odd]) => `${start}${canary('Key')}${odd}`);

const tags = (max: number) =>
  fc.uniqueArray(fc.record({ Key: fc.oneof(word, fc.constant('team')), Value: marked('Tag') }), {
    maxLength: max,
    selector: ({ Key }) => Key,
  });
const dictionary = (member: string) => fc.dictionary(word, marked(member), { minKeys: 1, maxKeys: 4 });
const instantBefore = (max: string) =>
  fc
    .date({ min: new Date('2000-01-01'), max: new Date(max), noInvalidDate: true })
    .chain((date) =>
      fc.constantFrom(date.toISOString(), date.toISOString().slice(0, 10), date.toISOString().slice(0, 19)),
    );
const instant = instantBefore('2099-01-01');

const objects = fc
  .record({
    bucket: fc.constantFrom('data', 'data-2026'),
    keys: fc.uniqueArray(key, { minLength: 1, maxLength: 5 }),
    hasVersions: fc.boolean(),
  })
  .map(({ bucket: Bucket, keys, hasVersions }) =>
    keys.map((Key, i) => ({ Bucket, Key, ...(hasVersions && { VersionId: `v${i}` }) })),
  );

const invoke = fc.oneof(
  fc.constantFrom({ UserArguments: { action: 'verify-checksum' } }),
  fc.record({ FunctionArn: fc.constantFrom(...functions), UserArguments: dictionary('Arg') }),
  fc.record({
    FunctionArn: fc.constantFrom(...functions),
    InvocationSchemaVersion: fc.constantFrom('1.0', '2.0'),
  }),
);
const acl = fc.constantFrom('private', 'bucket-owner-read', 'bucket-owner-full-control', 'aws-exec-read');
const grants = fc.array(
  fc.record({
    Grantee: fc.record({ TypeIdentifier: fc.constant('id'), Identifier: marked('Grantee') }),
    Permission: fc.constantFrom('READ', 'WRITE_ACP'),
  }),
  { maxLength: 2 },
);

const wishes: Record<string, Arbitrary<unknown>> = {
  '/AccountId': fc.constant(ACCOUNT),
  '/RoleArn': fc.constantFrom(ROLE, 'BatchRole'),
  '/Priority': fc.integer({ min: 0, max: MAX_PRIORITY }),
  '/ClientRequestToken': fc.uuid(),
  '/Description': marked('Desc'),
  '/StartAt': instantBefore('2026-01-31'), // the clock starts at 2026-01-01; 30 days are allowed
  '/Tags': tags(5),
  '/Objects': objects,
  '/Watch/TagAttributes': fc.uniqueArray(fc.constantFrom('team', 'cost-center', 'a.b', 'x'), {
    maxLength: 3,
  }),
  '/Manifest/Spec': fc.constantFrom(
    {},
    { Format: 'S3BatchOperations_CSV_20180820' },
    { Fields: ['Bucket', 'Key'] },
  ),
  '/Manifest/Location/ObjectArn': fc.constantFrom(...manifests),
  '/Manifest/Location/ObjectVersionId': fc.constant('v1'),
  '/Manifest/Location/ETag': fc.constantFrom('e1', '"e1"'),
  '/Report/Bucket': arn('reports', STACK_BUCKET),
  '/Report/Prefix': marked('Prefix').map((text) => `reports/${MARK}/${text}`),
  '/Report/ExpectedBucketOwner': fc.constant(ACCOUNT),
  '/Operation/LambdaInvoke': invoke,
  '/Operation/S3PutObjectAcl': fc.oneof(
    acl.map((CannedAccessControlList) => ({ AccessControlPolicy: { CannedAccessControlList } })),
    grants.map((Grants) => ({ AccessControlPolicy: { AccessControlList: { Owner: { ID: 'me' }, Grants } } })),
  ),
  '/Operation/S3PutObjectTagging/TagSet': tags(10),
  '/Operation/S3PutObjectRetention/Retention/Mode': fc.constant('GOVERNANCE'),
  '/Operation/S3PutObjectRetention/BypassGovernanceRetention': fc.constant(false),
  '/Operation/S3ComputeObjectChecksum/ChecksumType': fc.constant('FULL_OBJECT'),
  '/Operation/S3UpdateObjectEncryption/ObjectEncryption/SSEKMS/KMSKeyArn': fc.constant(KMS_KEY),
  '/Operation/S3PutObjectCopy/TargetResource': arn('copies'),
  '/Operation/S3PutObjectCopy/CannedAccessControlList': acl,
  '/Operation/S3PutObjectCopy/AccessControlGrants': grants,
  '/Operation/S3PutObjectCopy/NewObjectTagging': tags(10),
  '/Operation/S3PutObjectCopy/NewObjectMetadata/UserMetadata': dictionary('Meta'),
  '/Operation/S3PutObjectCopy/SSEAwsKmsKeyId': fc.constant(KMS_KEY),
  '/Operation/S3PutObjectCopy/ObjectLockMode': fc.constant('GOVERNANCE'),
};
const generator = '/ManifestGenerator/S3JobManifestGenerator';
const generatorWishes: Record<string, Arbitrary<unknown>> = {
  ExpectedBucketOwner: fc.constant(ACCOUNT),
  SourceBucket: arn('data', 'data-2026'),
  EnableManifestOutput: fc.constant(false),
  'ManifestOutputLocation/ExpectedManifestBucketOwner': fc.constant(ACCOUNT),
  'ManifestOutputLocation/Bucket': arn('reports'),
  'ManifestOutputLocation/ManifestEncryption/SSEKMS/KeyId': fc.constant(KMS_KEY),
  'Filter/KeyNameConstraint/MatchAnyPrefix': fc.tuple(marked('Filter')),
  'Filter/MatchAnyObjectEncryption/*/SSEKMS/KmsKeyArn': fc.constant(KMS_KEY),
  'Filter/MatchAnyObjectEncryption/*/DSSEKMS/KmsKeyArn': fc.constant(KMS_KEY),
};

function wish(pointer: string): Arbitrary<unknown> | undefined {
  if (/(Date|Before|After|Constraint)$/.test(pointer) && !pointer.endsWith('KeyNameConstraint'))
    return instant;
  return (
    wishes[pointer] ??
    (pointer.startsWith(generator) ? generatorWishes[pointer.slice(generator.length + 1)] : undefined)
  );
}

interface Body {
  ManifestGenerator?: object;
  MaxObjects?: number;
  Operation: { S3ComputeObjectChecksum?: object };
  Report?: { Enabled?: boolean; ExpectedBucketOwner?: string };
}

/** Checksums are only in the report, and S3 needs the owner of its bucket. */
const withReport = (body: Body): Body =>
  body.Operation.S3ComputeObjectChecksum && body.Report
    ? { ...body, Report: { ...body.Report, Enabled: true, ExpectedBucketOwner: ACCOUNT } }
    : body;

/** S3 lists the objects of a generator only when the job runs. */
const withoutCanary = ({ MaxObjects, ...body }: Body): Body =>
  MaxObjects === undefined || body.ManifestGenerator ? body : { ...body, MaxObjects };

/** A body near the size limit, the slowest valid request. */
const largeJobRequest = fc.nat().map((n) => ({
  Operation: { S3DeleteObjectTagging: {} },
  Objects: Array.from({ length: 9000 }, (_, i) => ({
    Bucket: 'data',
    Key: `${canary('Key')}${n}/${'k'.repeat(50)}${i}`,
  })),
}));

const schema = schemaOf('job-request');
/** Without members whose valid values depend on the requests before, on the time, or on other members. */
const DEPENDENT = ['RowsOf', 'StartAt', 'Retry'];
const independent: Schema = {
  ...schema,
  oneOf: schema.oneOf?.filter(({ required }) => required[0] !== 'RowsOf') ?? [],
  properties: Object.fromEntries(
    Object.entries(schema.properties ?? {}).filter(([name]) => !DEPENDENT.includes(name)),
  ),
};

/** A job request that this deployment accepts; one of 401 is large. */
export const validJobRequest: Arbitrary<object> = fc.oneof(
  {
    weight: 400,
    arbitrary: arbitraryOf(independent, wish).map((body) => withoutCanary(withReport(body as Body))),
  },
  { weight: 1, arbitrary: largeJobRequest },
);
