import type { Finding } from '../../core/generated/dry-run.mjs';
import type { JobRequest } from '../../core/generated/job-request.mjs';
import { bucketOfArn, functionReferenceOf } from '../allowed/arns.ts';
import { finding } from './findings.ts';
import type { Inspection } from './inspection.ts';

type Copy = NonNullable<JobRequest['Operation']['S3PutObjectCopy']>;

const isInventory = ({ Manifest }: JobRequest) => Manifest?.Spec?.Format === 'S3InventoryReport_CSV_20161130';

const hasVersions = ({ Objects, Manifest }: JobRequest) =>
  Boolean(Objects?.[0]?.VersionId ?? Manifest?.Spec?.Fields?.includes('VersionId'));

function functionFindings({ Operation }: JobRequest): Finding[] {
  const named = Operation.LambdaInvoke?.FunctionArn;
  const { qualifier = '$LATEST' } = functionReferenceOf(named ?? '') ?? {};
  return named !== undefined && qualifier === '$LATEST'
    ? [finding('function-not-pinned', { pointer: '/Operation/LambdaInvoke/FunctionArn' })]
    : [];
}

function replicationFindings(request: JobRequest): Finding[] {
  const { Operation, Manifest, Objects } = request;
  const isListed = Boolean((Manifest && !isInventory(request)) || Objects);
  return Operation.S3ReplicateObject && isListed && !hasVersions(request)
    ? [finding('versions-needed', { pointer: Objects ? '/Objects' : '/Manifest/Spec/Fields' })]
    : [];
}

/** An empty list of tags removes all tags, although the operation is called "put". */
function tagFindings({
  Operation: { S3PutObjectTagging: put, S3PutObjectCopy: copy },
}: JobRequest): Finding[] {
  return [
    ...(put && !put.TagSet?.length
      ? [finding('removes-all-tags', { pointer: '/Operation/S3PutObjectTagging/TagSet' })]
      : []),
    ...(copy?.NewObjectTagging?.length === 0
      ? [
          finding('removes-all-tags', {
            detail: 'The list of tags is empty, so the copies get no tags.',
            remedy: 'Omit `NewObjectTagging` to keep the tags of the objects.',
            pointer: '/Operation/S3PutObjectCopy/NewObjectTagging',
          }),
        ]
      : []),
  ];
}

/** The members with which S3 accepts a copy of an object onto itself. */
const changes = ({ MetadataDirective, NewObjectMetadata, NewObjectTagging, ...copy }: Copy) =>
  MetadataDirective === 'REPLACE' ||
  [NewObjectMetadata, NewObjectTagging, copy.StorageClass, copy.SSEAwsKmsKeyId, copy.RedirectLocation].some(
    (member) => member !== undefined,
  ) ||
  [copy.ChecksumAlgorithm, copy.ObjectLockMode, copy.ObjectLockLegalHoldStatus].some(
    (member) => member !== undefined,
  );

/** A copy of a named version onto itself makes that version the current one, which S3 accepts. */
function copyFindings(request: JobRequest, { buckets }: Inspection): Finding[] {
  const copy = request.Operation.S3PutObjectCopy;
  if (!copy || copy.TargetKeyPrefix || changes(copy) || hasVersions(request)) return [];
  const target = bucketOfArn(copy.TargetResource);
  const generator = request.ManifestGenerator?.S3JobManifestGenerator;
  const sources = generator ? [bucketOfArn(generator.SourceBucket)] : buckets;
  return target !== undefined && sources.includes(target)
    ? [finding('copy-onto-itself', { pointer: '/Operation/S3PutObjectCopy' })]
    : [];
}

/** The findings for the request and the buckets in its rows. */
export const requestFindings = (request: JobRequest, inspection: Inspection): Finding[] => [
  ...functionFindings(request),
  ...replicationFindings(request),
  ...tagFindings(request),
  ...copyFindings(request, inspection),
];
