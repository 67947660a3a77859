import { CopyObjectCommand } from '@aws-sdk/client-s3';
import type { CopyOrder, CopyStore } from '../../worker/object-copy.ts';
import { s3Client } from '../clients.ts';
import { unquoted } from '../etags.ts';
import { grantsOf } from './grants.ts';
import { headObject } from './heads.ts';
import { copyInParts } from './multipart-copy.ts';
import { objectTags } from './tags.ts';
import { copySourceOf, targetOf } from './target.ts';
import { traitMembers, traitsOf } from './traits.ts';
import { wholeChecksumOf } from './whole-checksums.ts';

const NOT_FOUND = 404;

const membersOf = ({ traits, tags, access }: CopyOrder) => ({ ...traitMembers(traits, tags), ...access });

/** The target must not have changed since it was read. */
const conditionOf = ({ replaces }: CopyOrder) =>
  replaces === undefined ? { IfNoneMatch: '*' } : { IfMatch: `"${replaces}"` };

export const objectCopies: CopyStore = {
  async head(object, signal) {
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
  },

  async find(object, signal) {
    try {
      return await objectCopies.head(object, signal);
    } catch (error) {
      const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
      if ($metadata?.httpStatusCode !== NOT_FOUND) throw error;
      return undefined;
    }
  },

  tags: async (object, signal) => (await objectTags.read(object, signal)).tags,

  async grants(object, signal) {
    const access = await grantsOf(object, signal);
    return { access, toGroups: Object.values(access).some((grantees) => grantees.includes('uri=')) };
  },

  async copyWhole(order, abortSignal) {
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
  },

  copyInParts: (order, sizes, signal) =>
    copyInParts(
      {
        source: order.source,
        etag: order.head.etag,
        bytes: order.head.bytes,
        checksum: order.head.checksum,
        target: order.target,
        members: membersOf(order),
        condition: conditionOf(order),
        isRetryable: order.isRetryable,
      },
      sizes,
      signal,
    ),
};
