import { CopyObjectCommand, type CopyObjectCommandInput } from '@aws-sdk/client-s3';
import { s3Client } from './clients.ts';
import { grantsOf } from './object-grants.ts';
import { headObject, type ObjectHead } from './object-heads.ts';
import { copyInParts } from './object-parts.ts';
import { copySourceOf, type ObjectVersion, targetOf } from './object-target.ts';

/** The headers that the worker can change, by its words. */
const headers = {
  contentType: 'ContentType',
  cacheControl: 'CacheControl',
  contentDisposition: 'ContentDisposition',
  contentEncoding: 'ContentEncoding',
  contentLanguage: 'ContentLanguage',
} as const;

type HeaderName = keyof typeof headers;

export interface Properties {
  headers: Readonly<Partial<Record<HeaderName, string>>>;
  metadata: Readonly<Record<string, string>>;
}

export interface CopyLimits {
  /** Larger ones are copied in parts. */
  maxCopyBytes: number;
  partBytes: number;
}

const LIMITS: CopyLimits = { maxCopyBytes: 5 * 1024 ** 3, partBytes: 512 * 1024 ** 2 };

const entriesOf = (record: typeof headers) =>
  Object.entries(record) as [HeaderName, (typeof headers)[HeaderName]][];

function propertiesOf(head: ObjectHead): Properties {
  const given = entriesOf(headers).flatMap(([name, member]) => {
    const value = head[member];
    return value === undefined ? [] : [[name, value]];
  });
  return { headers: Object.fromEntries(given), metadata: head.Metadata ?? {} };
}

/** What a copy must be told so that it keeps it. Throws what cannot be told. */
function keptMembers(head: ObjectHead): Partial<CopyObjectCommandInput> {
  const expires = head.ExpiresString === undefined ? undefined : new Date(head.ExpiresString);
  if (expires && Number.isNaN(expires.getTime()))
    throw new Error('its header Expires is no date; a copy would lose it');
  if (head.MissingMeta) throw new Error('it has metadata that no header can carry; a copy would lose it');
  return {
    ...(expires && { Expires: expires }),
    ...(head.WebsiteRedirectLocation && { WebsiteRedirectLocation: head.WebsiteRedirectLocation }),
    ...(head.StorageClass && { StorageClass: head.StorageClass }),
    ...(head.ServerSideEncryption && { ServerSideEncryption: head.ServerSideEncryption }),
    ...(head.SSEKMSKeyId && { SSEKMSKeyId: head.SSEKMSKeyId }),
    ...(head.BucketKeyEnabled && { BucketKeyEnabled: true }),
  };
}

async function replace(
  object: ObjectVersion,
  head: ObjectHead,
  wanted: Properties,
  limits: CopyLimits,
  abortSignal: AbortSignal,
): Promise<void> {
  const members = {
    ...keptMembers(head),
    ...Object.fromEntries(entriesOf(headers).map(([name, member]) => [member, wanted.headers[name]])),
    Metadata: { ...wanted.metadata },
    ...(await grantsOf(object, abortSignal)),
    ...targetOf(object),
  };
  const source = {
    CopySource: copySourceOf({ ...object, ...(head.VersionId && { versionId: head.VersionId }) }),
    CopySourceIfMatch: head.ETag,
  };
  if ((head.ContentLength ?? 0) > limits.maxCopyBytes)
    return copyInParts({ members, source, head, partBytes: limits.partBytes, abortSignal });
  const command = new CopyObjectCommand({
    ...members,
    ...source,
    MetadataDirective: 'REPLACE',
    TaggingDirective: 'COPY',
    IfMatch: head.ETag,
  });
  await s3Client().send(command, { abortSignal });
}

/** Headers and metadata of objects for the worker; S3's exceptions pass as they are, the worker sorts them. */
export const objectProperties = (limits: Partial<CopyLimits> = {}) => ({
  async read(object: ObjectVersion, signal: AbortSignal) {
    const head = await headObject(object, signal, { ChecksumMode: 'ENABLED' });
    return {
      properties: propertiesOf(head),
      ...(head.VersionId && { versionId: head.VersionId }),
      isLocked: head.isLocked,
      replace: (wanted: Properties, abortSignal: AbortSignal) =>
        replace(object, head, wanted, { ...LIMITS, ...limits }, abortSignal),
    };
  },
});
