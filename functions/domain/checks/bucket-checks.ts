import type { Finding } from '../../core/generated/dry-run.mjs';
import type { JobRequest, Operation } from '../../core/generated/job-request.mjs';
import { bucketOfArn, objectOfArn } from '../allowed/arns.ts';
import { isInside } from '../allowed/patterns.ts';
import type { FoundManifest } from '../manifest/found-manifest.ts';
import { isBucketName } from '../manifest/lint-cells.ts';
import { ARGUMENTS_POINTER, workerArgumentsOf } from '../request/worker-arguments.ts';
import { type FindingCode, finding } from './findings.ts';
import type { Inspection } from './inspection.ts';

/** The role of a bucket in a job. */
type Part = 'manifest' | 'report' | 'target' | 'source' | 'data' | 'origin';

/** The finding for a bucket in another Region than the job. The origin of copies can be in any Region. */
const elsewhere: Record<Part, FindingCode | undefined> = {
  manifest: 'other-region',
  report: 'other-region',
  target: 'wrong-region',
  source: 'wrong-region',
  data: 'wrong-region',
  origin: undefined,
};

/** A bucket to inspect before a job starts. */
export interface BucketQuestion {
  bucket: string;
  part: Part;
  pointer: string;
  /** The settings to read too. */
  settings: readonly BucketSetting[];
}

export type BucketSetting = 'lock' | 'replication' | 'acls';

/** What is known of a bucket; `hidden` when access is denied. */
export interface BucketFacts {
  state: 'there' | 'missing' | 'hidden' | 'unknown';
  region?: string;
  lock?: 'off' | 'on' | 'on-by-default' | 'hidden';
  /** Whether the bucket has an enabled replication rule. */
  replication?: 'off' | 'on' | 'hidden';
  /** Off with Object Ownership BucketOwnerEnforced. */
  acls?: 'off' | 'on' | 'hidden';
}

const MANIFEST = '/Manifest/Location/ObjectArn';
const GENERATOR = '/ManifestGenerator/S3JobManifestGenerator';
/** A manifest with several buckets has a finding of its own. */
const MAX_DATA_BUCKETS = 3;

/**
 * Whether the checks may inspect a bucket. Directory buckets need other endpoints and sessions, a manifest can contain
 * invalid names, and a bucket outside the lists has a finding already.
 */
const canInspect = (bucket: string, dataBuckets: readonly string[]) =>
  isBucketName(bucket) && !bucket.endsWith('--x-s3') && isInside(dataBuckets, { bucket });

const OWNER_ACL = 'bucket-owner-full-control';

/** Whether the copies get an ACL that S3 refuses where ACLs are off. */
const grantsInCopy = (copy: Operation['S3PutObjectCopy']) =>
  (copy?.CannedAccessControlList ?? OWNER_ACL) !== OWNER_ACL || Boolean(copy?.AccessControlGrants?.length);

/** Whether the ACL grants something to others than the owner: S3 refuses that where ACLs are off. */
function grantsToOthers(acl: Operation['S3PutObjectAcl']): boolean {
  const { CannedAccessControlList: canned, AccessControlList: list } = acl?.AccessControlPolicy ?? {};
  if (canned !== undefined) return canned !== OWNER_ACL;
  return list?.Grants?.some(({ Grantee }) => Grantee?.Identifier !== list.Owner?.ID) ?? false;
}

/** The bucket of the copies of our worker if they get an ACL, or `own` for the bucket of the objects. */
function workerAclTarget(request: JobRequest, workerArn: string): { bucket?: string; own?: true } {
  const { action, acl = OWNER_ACL, targetBucket } = workerArgumentsOf(request, workerArn) ?? {};
  if (action !== 'copy-large' || acl === OWNER_ACL || acl === 'keep') return {};
  return targetBucket === undefined ? { own: true } : { bucket: targetBucket };
}

/** The settings of the objects' bucket on which every task of the operation depends. */
function settingsOfObjects({ Operation: operation }: JobRequest, hasWorkerAcl: boolean): BucketSetting[] {
  return [
    ...(operation.S3PutObjectRetention || operation.S3PutObjectLegalHold ? (['lock'] as const) : []),
    ...(operation.S3ReplicateObject ? (['replication'] as const) : []),
    ...(hasWorkerAcl || grantsToOthers(operation.S3PutObjectAcl) ? (['acls'] as const) : []),
  ];
}

/** The buckets to inspect, without the deployment's own bucket. */
export function bucketQuestions(
  request: JobRequest,
  stack: { bucket: string; dataBuckets: readonly string[]; workerArn: string },
  { buckets }: Inspection,
): BucketQuestion[] {
  const { Manifest, Objects, Report, Operation, ManifestGenerator } = request;
  const { SourceBucket, ManifestOutputLocation: output } = ManifestGenerator?.S3JobManifestGenerator ?? {};
  const copy = Operation.S3PutObjectCopy;
  const workerAcl = workerAclTarget(request, stack.workerArn);
  const ofObjects = settingsOfObjects(request, workerAcl.own === true);
  const ask = (
    part: Part,
    pointer: string,
    bucket: string | undefined,
    settings: readonly BucketSetting[] = [],
  ) =>
    bucket === undefined || bucket === stack.bucket || !canInspect(bucket, ['*'])
      ? []
      : [{ part, pointer, bucket, settings }];
  const ofArn = (arn = '') => bucketOfArn(arn);
  return [
    ...ask('manifest', MANIFEST, Manifest && objectOfArn(Manifest.Location.ObjectArn).bucket),
    ...(Report?.Enabled === false ? [] : ask('report', '/Report/Bucket', ofArn(Report?.Bucket), ['lock'])),
    ...ask(
      'target',
      '/Operation/S3PutObjectCopy/TargetResource',
      ofArn(copy?.TargetResource),
      grantsInCopy(copy) ? ['acls'] : [],
    ),
    // Like the origin of copies, the target of the worker can be in any Region.
    ...ask('origin', `${ARGUMENTS_POINTER}/acl`, workerAcl.bucket, ['acls']),
    ...ask('source', `${GENERATOR}/SourceBucket`, ofArn(SourceBucket), ofObjects),
    ...ask('report', `${GENERATOR}/ManifestOutputLocation/Bucket`, ofArn(output?.Bucket)),
    ...buckets
      .filter((bucket) => canInspect(bucket, stack.dataBuckets))
      .slice(0, MAX_DATA_BUCKETS)
      .flatMap((bucket) =>
        ask(copy ? 'origin' : 'data', Objects ? '/Objects/0/Bucket' : MANIFEST, bucket, ofObjects),
      ),
  ];
}

/** The objects to inspect. */
export const rowsToInspect = ({ firstRows }: Inspection, dataBuckets: readonly string[], count: number) =>
  firstRows.filter(({ Bucket, Key }) => Key !== '' && canInspect(Bucket, dataBuckets)).slice(0, count);

function lockFindings({ part, bucket, pointer }: BucketQuestion, { lock }: BucketFacts): Finding[] {
  if (lock === 'hidden')
    return [finding('unchecked', { detail: `The Object Lock of ${bucket} could not be read.`, pointer })];
  if (part === 'report' && lock === 'on-by-default')
    return [finding('report-bucket-lock', { detail: `${bucket} has a default retention.`, pointer })];
  if (part !== 'report' && lock === 'off')
    return [finding('no-object-lock', { detail: `${bucket} has no Object Lock.`, pointer })];
  return [];
}

function settingFindings({ bucket, pointer }: BucketQuestion, { replication, acls }: BucketFacts): Finding[] {
  const hidden = [
    ...(replication === 'hidden' ? ['replication rules'] : []),
    ...(acls === 'hidden' ? ['Object Ownership'] : []),
  ];
  return [
    ...(replication === 'off'
      ? [finding('no-replication-rule', { detail: `${bucket} has no enabled replication rule.`, pointer })]
      : []),
    ...(acls === 'off'
      ? [
          finding('acls-disabled', {
            detail: `ACLs are disabled in ${bucket}, so S3 refuses the ACL of every task.`,
            pointer,
          }),
        ]
      : []),
    ...hidden.map((setting) =>
      finding('unchecked', { detail: `The ${setting} of ${bucket} could not be read.`, pointer }),
    ),
  ];
}

/** A missing bucket in the rows fails the whole job only if S3 reads its Object Lock configuration first. */
const missingCode = ({ part, settings }: BucketQuestion): FindingCode =>
  (part === 'data' || part === 'origin') && !settings.includes('lock')
    ? 'data-bucket-missing'
    : 'bucket-missing';

/** The findings for a bucket, for a job in the given Region. */
export function bucketFindings(question: BucketQuestion, facts: BucketFacts, region: string): Finding[] {
  const { bucket, part, pointer } = question;
  if (facts.state === 'missing')
    return [finding(missingCode(question), { detail: `There is no bucket ${bucket}.`, pointer })];
  const findings: Finding[] = [];
  const code = facts.region === undefined || facts.region === region ? undefined : elsewhere[part];
  if (code)
    findings.push(
      finding(code, { detail: `${bucket} is in ${facts.region}, the job in ${region}.`, pointer }),
    );
  else if (facts.state !== 'there')
    findings.push(finding('unchecked', { detail: `The bucket ${bucket} could not be read.`, pointer }));
  return [...findings, ...lockFindings(question, facts), ...settingFindings(question, facts)];
}

/** The findings for the manifest object. */
export function manifestFindings(found: FoundManifest | undefined): Finding[] {
  if (!found || !('etag' in found) || 'sha256' in found) return [];
  const { manifest, etag, facts } = found;
  if (!facts) return [finding('unchecked', { detail: 'The manifest could not be read.', pointer: MANIFEST })];
  const findings: Finding[] = [];
  if (facts.etag !== etag) findings.push(finding('manifest-changed', { pointer: '/Manifest/Location/ETag' }));
  const isCsv = manifest.Spec?.Format !== 'S3InventoryReport_CSV_20161130';
  if (isCsv && facts.encryption?.startsWith('aws:kms'))
    findings.push(finding('manifest-encryption', { pointer: MANIFEST }));
  return findings;
}
