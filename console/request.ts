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

const sentences: Record<string, (given: Record<string, unknown>) => string> = {
  S3PutObjectTagging: ({ TagSet }) =>
    `Replaces all tags of each object by ${(TagSet as { Key: string; Value: string }[]).map(({ Key, Value }) => `${Key}=${Value}`).join(', ') || 'none'}`,
  S3DeleteObjectTagging: () => 'Removes all tags of each object',
  S3PutObjectCopy: ({ TargetResource, TargetKeyPrefix }) =>
    `Copies each object to ${String(TargetResource).split(':').pop()}${TargetKeyPrefix ? `/${TargetKeyPrefix}` : ''}`,
  S3PutObjectAcl: () => 'Replaces the access control list of each object',
  S3InitiateRestoreObject: ({ ExpirationInDays, GlacierJobTier }) =>
    `Restores each archived object${ExpirationInDays ? ` for ${ExpirationInDays} days` : ''} (${GlacierJobTier ?? 'BULK'})`,
  S3PutObjectLegalHold: ({ LegalHold }) =>
    `Sets the legal hold of each object to ${(LegalHold as { Status: string }).Status}`,
  S3PutObjectRetention: ({ Retention }) => {
    const { Mode, RetainUntilDate } = Retention as { Mode?: string; RetainUntilDate?: string };
    return `Retains each object until ${RetainUntilDate ?? '(removed)'} (${Mode ?? 'no mode'})`;
  },
  S3ReplicateObject: () => 'Replicates each object by the rules of its bucket',
  S3ComputeObjectChecksum: () => 'Computes a checksum of each object',
  S3UpdateObjectEncryption: () => 'Changes the encryption of each object',
  LambdaInvoke: ({ FunctionArn, UserArguments }) =>
    (UserArguments as { action?: string } | undefined)?.action
      ? `Runs the action ${(UserArguments as { action: string }).action} on each object`
      : `Invokes ${String(FunctionArn).split(':function:').pop()} for each object`,
};

/** What the job does, in a sentence. */
export function sentenceOf({ operation, request }: JobResource): string {
  const given = (request.Operation as Record<string, Record<string, unknown>>)[operation] ?? {};
  const { Manifest, ManifestGenerator } = request;
  const source = Manifest
    ? `the objects of the manifest ${Manifest.Location.ObjectArn.replace(/^arn:[^:]+:s3:::/, 's3://')}`
    : `the objects that S3 lists in ${ManifestGenerator?.S3JobManifestGenerator.SourceBucket.split(':').pop()}`;
  return `${sentences[operation]?.(given) ?? `Runs ${operation}`}: ${source}.`;
}
