/** A deployment with short allow-lists, and an independent check of requests against them. */

export const ACCOUNT = '000000000000';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/BatchRole`;
export const KMS_KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/11111111-2222-4333-8444-555555555555`;
export const MAX_PRIORITY = 1000;
export const STACK_BUCKET = 'bucket-brigade-local';

/** Parameters of serverless.yml. */
export const params = {
  dataBuckets: 'data,data-*',
  manifestBuckets: 'lists/in/*',
  reportBuckets: 'reports',
  targetBuckets: 'copies',
  functions: 'mine,mine-*',
  kmsKeys: KMS_KEY,
  maxPriority: String(MAX_PRIORITY),
  tenancy: 'principal',
};

/** Buckets by their use in a job. */
export const buckets = {
  data: ['data', 'data-2026'],
  manifest: [STACK_BUCKET, 'lists'],
  report: [STACK_BUCKET, 'reports'],
  target: ['copies'],
};
export const functions = ['mine', 'mine-2', `arn:aws:lambda:us-east-1:${ACCOUNT}:function:mine:7`];
export const manifests = ['arn:aws:s3:::lists/in/a.csv', 'arn:aws:s3:::lists/in/b%20c.csv'];

const bucketOf = (arn: unknown) => /^arn:aws:s3:::([^/]+)/.exec(String(arn))?.[1] ?? `no bucket in ${arn}`;

/** The parts of a CreateJob input that the lists forbid. Does not use the code of the product. */
// biome-ignore lint/suspicious/noExplicitAny: the input of a command of the SDK
export function outsideOf(input: any): string[] {
  const { Operation, Manifest, ManifestGenerator, Report, RoleArn, AccountId, Priority } = input;
  const generator = ManifestGenerator?.S3JobManifestGenerator;
  const named: [string, unknown, boolean][] = [
    ['account', AccountId, AccountId === ACCOUNT],
    ['role', RoleArn, RoleArn === ROLE],
    ['priority', Priority, Priority <= MAX_PRIORITY],
  ];
  const bucket = (use: keyof typeof buckets, arn: unknown) =>
    arn !== undefined &&
    named.push([
      `${use} bucket`,
      arn,
      buckets[use].includes(bucketOf(arn)) || (use === 'data' && /^data-[^/]*$/.test(bucketOf(arn))),
    ]);
  bucket('manifest', Manifest?.Location.ObjectArn);
  bucket('report', Report?.Bucket);
  bucket('target', Operation.S3PutObjectCopy?.TargetResource);
  bucket('data', generator?.SourceBucket);
  bucket('report', generator?.ManifestOutputLocation?.Bucket);
  if (bucketOf(Manifest?.Location.ObjectArn) === 'lists')
    named.push([
      'manifest',
      Manifest.Location.ObjectArn,
      Manifest.Location.ObjectArn.startsWith('arn:aws:s3:::lists/in/'),
    ]);
  const arn = Operation.LambdaInvoke?.FunctionArn;
  const ours = new RegExp(
    `^(arn:aws:lambda:)?(us-east-1:)?(${ACCOUNT}:)?(function:)?(mine|mine-[\\w-]*|bucket-brigade-local-worker)(:[\\w$-]+)?$`,
  );
  if (arn !== undefined) named.push(['function', arn, ours.test(arn)]);
  for (const [, key] of JSON.stringify(input).matchAll(
    /"(?:KMSKeyArn|SSEAwsKmsKeyId|KmsKeyArn|KeyId)":"([^"]*)"/g,
  ))
    named.push(['KMS key', key, key === KMS_KEY]);
  if (/"(?:Mode|ObjectLockMode)":"COMPLIANCE"/.test(JSON.stringify(Operation)))
    named.push(['retention', 'COMPLIANCE', false]);
  if (Operation.S3PutObjectRetention?.BypassGovernanceRetention === true)
    named.push(['retention', 'bypass', false]);
  if (
    /"CannedAccessControlList":"(public|authenticated)-|"Identifier":"[^"]*groups\/global/.test(
      JSON.stringify(Operation),
    )
  )
    named.push(['grant', 'public', false]);
  return named.filter(([, , isFine]) => !isFine).map(([what, value]) => `${what} ${value}`);
}

/** The keys and prefixes in the stack's bucket that a CreateJob input names. */
// biome-ignore lint/suspicious/noExplicitAny: the input of a command of the SDK
export function keysInStackBucket({ Manifest, ManifestGenerator, Report }: any): string[] {
  const [, key] =
    /^arn:aws:s3:::bucket-brigade-local\/(.*)$/s.exec(String(Manifest?.Location.ObjectArn)) ?? [];
  const output = ManifestGenerator?.S3JobManifestGenerator.ManifestOutputLocation;
  return [
    ...(key === undefined ? [] : [key]),
    ...(bucketOf(Report?.Bucket) === STACK_BUCKET ? [String(Report.Prefix)] : []),
    ...(bucketOf(output?.Bucket) === STACK_BUCKET ? [String(output.ManifestPrefix)] : []),
  ];
}

/** Buckets that a function can read or write for a caller. */
export const isReachable = (bucket: string): boolean =>
  [...buckets.data, ...buckets.manifest, ...buckets.report, ...buckets.target].includes(bucket) ||
  bucket.startsWith('data-');
