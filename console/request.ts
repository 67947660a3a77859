/** A job's request as a body that can be sent again, and as commands for a terminal. */
import type { JobRequest } from '../functions/core/generated/job-request.mjs';
import type { JobResource } from '../functions/core/generated/job-resource.mjs';
import { settings } from './api.ts';

/** Without what the service adds by itself, and with ETag and version of the manifest looked up anew. */
export function bodyOf({ request, description }: JobResource): Partial<JobRequest> {
  const { Operation, Manifest, ManifestGenerator, Priority, ConfirmationRequired, Tags } = request;
  const tags = Tags.filter(({ Key }) => !Key.startsWith('bucket-brigade:'));
  return {
    Operation,
    ...(Manifest && { Manifest: { ...Manifest, Location: { ObjectArn: Manifest.Location.ObjectArn } } }),
    ...(ManifestGenerator && { ManifestGenerator }),
    ...(description && { Description: description }),
    Priority,
    ...(ConfirmationRequired && { ConfirmationRequired }),
    ...(tags.length > 0 && { Tags: tags }),
  };
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

export function curlOf(body: object): string {
  const signature = settings.region
    ? ` --aws-sigv4 aws:amz:${settings.region}:execute-api --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "x-amz-security-token: $AWS_SESSION_TOKEN"`
    : '';
  return `curl${signature} -H 'content-type: application/json' -d ${quoted(JSON.stringify(body))} ${settings.api}/jobs`;
}

export const cliOf = (body: object): string =>
  `echo ${quoted(JSON.stringify(body))} | npx bucket-brigade jobs create --api ${settings.api} -f -`;

/** What "new job" starts from; a reload of the page forgets it. */
export const draft: { body?: object } = {};

type Given = Record<string, unknown>;

const sentences: Record<string, (given: Given) => string> = {
  S3PutObjectTagging: ({ TagSet }) => {
    const tags = (TagSet as { Key: string; Value: string }[]).map(({ Key, Value }) => `${Key}=${Value}`);
    return `Replaces all tags of each object by ${tags.join(', ') || 'none'}`;
  },
  S3DeleteObjectTagging: () => 'Removes all tags of each object',
  S3PutObjectCopy: ({ TargetResource, TargetKeyPrefix = '' }) =>
    `Copies each object to s3://${nameOf(TargetResource)}/${TargetKeyPrefix}`,
  S3PutObjectAcl: () => 'Replaces the access control list of each object',
  S3InitiateRestoreObject: ({ ExpirationInDays, GlacierJobTier }) =>
    `Restores each archived object${ExpirationInDays ? ` for ${ExpirationInDays} days` : ''} (${GlacierJobTier})`,
  S3PutObjectLegalHold: ({ LegalHold }) =>
    `Sets the legal hold of each object to ${(LegalHold as Given)['Status']}`,
  S3PutObjectRetention: ({ Retention }) =>
    `Retains each object until ${(Retention as Given)['RetainUntilDate'] ?? '(no date)'}`,
  S3ReplicateObject: () => 'Replicates each object by the rules of its bucket',
  S3ComputeObjectChecksum: () => 'Computes a checksum of each object',
  S3UpdateObjectEncryption: () => 'Changes the encryption of each object',
  LambdaInvoke: ({ FunctionArn, UserArguments }) => {
    const { action } = (UserArguments ?? {}) as Given;
    return `${action ? `Runs the action ${action} on` : `Invokes ${nameOf(FunctionArn)} for`} each object`;
  },
};

/** The last part of an ARN. */
const nameOf = (arn: unknown) => String(arn).split(':').pop();

/** What the job does, in a sentence. */
export function sentenceOf({ operation, request }: JobResource): string {
  const given = (request.Operation as Record<string, Record<string, unknown>>)[operation] ?? {};
  const { Manifest, ManifestGenerator } = request;
  const source = Manifest
    ? `the objects of the manifest ${Manifest.Location.ObjectArn.replace(/^arn:[^:]+:s3:::/, 's3://')}`
    : `the objects that S3 lists in ${nameOf(ManifestGenerator?.S3JobManifestGenerator.SourceBucket)}`;
  return `${sentences[operation]?.(given) ?? `Runs ${operation}`}: ${source}.`;
}
