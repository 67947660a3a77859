import { CopyObjectCommand } from '@aws-sdk/client-s3';
import { s3Client } from './clients.ts';
import { copyInParts, type PartSizes } from './multipart-copy.ts';
import { grantsOf } from './object-grants.ts';
import { headObject, type ObjectHead } from './object-heads.ts';
import { objectTags } from './object-tags.ts';
import { copySourceOf, type ObjectVersion, targetOf } from './object-target.ts';
import { type ObjectTraits, traitMembers, traitsOf, unquoted } from './object-traits.ts';
import { wholeChecksumOf } from './whole-checksums.ts';

/** Headers by the worker's words: `contentType`, where S3 says ContentType. */
export interface Properties {
  headers: Readonly<Record<string, string>>;
  metadata: Readonly<Record<string, string>>;
}

export interface CopyLimits extends PartSizes {
  /** Larger ones are copied in parts. */
  maxCopyBytes: number;
}

const LIMITS: CopyLimits = {
  maxCopyBytes: 5 * 1024 ** 3,
  partBytes: 128 * 1024 ** 2,
  partsInFlight: 32,
};

const renamed = (record: Readonly<Record<string, string>>, rename: (initial: string) => string) =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => [`${rename(name.charAt(0))}${name.slice(1)}`, value]),
  );

function propertiesOf({ headers: { Expires: _, ...headers }, metadata }: ObjectTraits): Properties {
  return { headers: renamed(headers, (initial) => initial.toLowerCase()), metadata };
}

function withProperties(traits: ObjectTraits, { headers, metadata }: Properties): ObjectTraits {
  const { Expires } = traits.headers;
  const given = renamed(headers, (initial) => initial.toUpperCase());
  return { ...traits, headers: { ...given, ...(Expires !== undefined && { Expires }) }, metadata };
}

interface Replacement {
  object: ObjectVersion;
  head: ObjectHead;
  traits: ObjectTraits;
  limits: CopyLimits;
  isPassing: (error: unknown) => boolean;
}

async function replace({ object, head, traits, limits, isPassing }: Replacement, abortSignal: AbortSignal) {
  const source = { ...object, ...(head.VersionId && { versionId: head.VersionId }) };
  const others = {
    ...(head.WebsiteRedirectLocation && { WebsiteRedirectLocation: head.WebsiteRedirectLocation }),
    ...(await grantsOf(object, abortSignal)),
  };
  const bytes = head.ContentLength ?? 0;
  if (bytes > limits.maxCopyBytes) {
    const { tags } = await objectTags.read(source, abortSignal);
    const order = {
      ...{
        source,
        etag: unquoted(head.ETag),
        bytes,
        checksum: wholeChecksumOf(head),
        target: object,
        isPassing,
      },
      members: { ...traitMembers(traits, tags), ...others },
      condition: { IfMatch: head.ETag },
    };
    await copyInParts(order, limits, abortSignal);
    return;
  }
  const command = new CopyObjectCommand({
    ...targetOf(object),
    ...traitMembers(traits, new Map()),
    ...others,
    CopySource: copySourceOf(source),
    CopySourceIfMatch: head.ETag,
    MetadataDirective: 'REPLACE',
    TaggingDirective: 'COPY',
    IfMatch: head.ETag,
  });
  await s3Client().send(command, { abortSignal });
}

/** Headers and metadata of objects for the worker; S3's exceptions pass as they are, the worker sorts them. */
export const objectProperties = (
  isPassing: (error: unknown) => boolean,
  limits: Partial<CopyLimits> = {},
) => ({
  async read(object: ObjectVersion, signal: AbortSignal) {
    const head = await headObject(object, signal, { ChecksumMode: 'ENABLED' });
    const traits = traitsOf(head);
    const replacement = { object, head, isPassing, limits: { ...LIMITS, ...limits } };
    return {
      properties: propertiesOf(traits),
      ...(head.VersionId && { versionId: head.VersionId }),
      isLocked: head.isLocked,
      replace: (wanted: Properties, abortSignal: AbortSignal) =>
        replace({ ...replacement, traits: withProperties(traits, wanted) }, abortSignal),
    };
  },
});
