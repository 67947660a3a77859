import { CopyObjectCommand } from '@aws-sdk/client-s3';
import { s3Client } from './clients.ts';
import { copyInParts, type PartSizes } from './multipart-copy.ts';
import { grantsOf } from './object-grants.ts';
import { headObject } from './object-heads.ts';
import { objectTags } from './object-tags.ts';
import { copySourceOf, type ObjectVersion, targetOf } from './object-target.ts';
import { type ObjectTraits, traitMembers, traitsOf, unquoted } from './object-traits.ts';
import { wholeChecksumOf } from './whole-checksums.ts';

interface ObjectHead {
  bytes: number;
  etag: string;
  versionId?: string;
  checksum?: { algorithm: string; value: string };
  traits: ObjectTraits;
  isLocked: boolean;
}

interface CopyOrder {
  source: ObjectVersion;
  head: ObjectHead;
  target: { bucket: string; key: string };
  replaces: string | undefined;
  traits: ObjectTraits;
  tags: ReadonlyMap<string, string>;
  access: Readonly<Record<string, string>>;
  isPassing: (error: unknown) => boolean;
}

const NOT_FOUND = 404;

async function head(object: ObjectVersion, signal: AbortSignal): Promise<ObjectHead> {
  const found = await headObject(object, signal, { ChecksumMode: 'ENABLED' });
  const checksum = wholeChecksumOf(found);
  return {
    bytes: found.ContentLength ?? 0,
    etag: unquoted(found.ETag),
    ...(found.VersionId && { versionId: found.VersionId }),
    ...(checksum && { checksum }),
    traits: traitsOf(found),
    isLocked: found.isLocked,
  };
}

async function find(object: ObjectVersion, signal: AbortSignal): Promise<ObjectHead | undefined> {
  try {
    return await head(object, signal);
  } catch (error) {
    const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
    if ($metadata?.httpStatusCode !== NOT_FOUND) throw error;
    return undefined;
  }
}

async function grants(object: ObjectVersion, signal: AbortSignal) {
  const access = await grantsOf(object, signal);
  return { access, toGroups: Object.values(access).some((grantees) => grantees.includes('uri=')) };
}

const membersOf = ({ traits, tags, access }: CopyOrder) => ({ ...traitMembers(traits, tags), ...access });

/** The target must be as it was seen. */
const conditionOf = ({ replaces }: CopyOrder) =>
  replaces === undefined ? { IfNoneMatch: '*' } : { IfMatch: `"${replaces}"` };

async function copyWhole(order: CopyOrder, abortSignal: AbortSignal): Promise<string> {
  const command = new CopyObjectCommand({
    ...targetOf(order.target),
    CopySource: copySourceOf(order.source),
    CopySourceIfMatch: `"${order.head.etag}"`,
    MetadataDirective: 'REPLACE',
    TaggingDirective: 'REPLACE',
    ...membersOf(order),
    ...conditionOf(order),
  });
  const { CopyObjectResult } = await s3Client().send(command, { abortSignal });
  return unquoted(CopyObjectResult?.ETag);
}

/** Copies of objects for the worker; S3's exceptions pass as they are, the worker sorts them. */
export const objectCopies = {
  head,
  find,
  grants,
  tags: async (object: ObjectVersion, signal: AbortSignal) => (await objectTags.read(object, signal)).tags,
  copyWhole,
  copyInParts: (order: CopyOrder, sizes: PartSizes, signal: AbortSignal): Promise<string> =>
    copyInParts(
      {
        source: order.source,
        etag: order.head.etag,
        bytes: order.head.bytes,
        checksum: order.head.checksum,
        target: order.target,
        members: membersOf(order),
        condition: conditionOf(order),
        isPassing: order.isPassing,
      },
      sizes,
      signal,
    ),
};
