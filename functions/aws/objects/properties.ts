import { CopyObjectCommand } from '@aws-sdk/client-s3';
import type { Properties, PropertyStore } from '../../worker/actions/set-metadata.ts';
import type { ObjectVersion } from '../../worker/contract.ts';
import type { CopySizes, ObjectTraits } from '../../worker/object-copy.ts';
import { s3Client } from '../clients.ts';
import { unquoted } from '../etags.ts';
import { grantsOf } from './grants.ts';
import { type HeadWithLock, headObject } from './heads.ts';
import { copyInParts } from './multipart-copy.ts';
import { objectTags } from './tags.ts';
import { copySourceOf, targetOf } from './target.ts';
import { traitMembers, traitsOf } from './traits.ts';
import { wholeChecksumOf } from './whole-checksums.ts';

const renamed = (record: Readonly<Record<string, string>>, rename: (initial: string) => string) =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => [`${rename(name.charAt(0))}${name.slice(1)}`, value]),
  );

/** Headers have S3's names in traits (`ContentType`), and the worker's in properties (`contentType`). */
function propertiesOf({ headers, metadata }: ObjectTraits): Properties {
  const changeable = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'Expires'));
  return { headers: renamed(changeable, (initial) => initial.toLowerCase()), metadata };
}

function withProperties(traits: ObjectTraits, { headers, metadata }: Properties): ObjectTraits {
  const { Expires } = traits.headers;
  const given = renamed(headers, (initial) => initial.toUpperCase());
  return { ...traits, headers: { ...given, ...(Expires !== undefined && { Expires }) }, metadata };
}

interface Replacement {
  object: ObjectVersion;
  head: HeadWithLock;
  traits: ObjectTraits;
  sizes: CopySizes;
  isRetryable: (error: unknown) => boolean;
}

async function replace({ object, head, traits, sizes, isRetryable }: Replacement, abortSignal: AbortSignal) {
  const source = { ...object, ...(head.VersionId && { versionId: head.VersionId }) };
  const others = {
    ...(head.WebsiteRedirectLocation && { WebsiteRedirectLocation: head.WebsiteRedirectLocation }),
    ...(await grantsOf(object, abortSignal)),
  };
  const bytes = head.ContentLength ?? 0;
  if (bytes > sizes.wholeBytes) {
    const { tags } = await objectTags.read(source, abortSignal);
    const order = {
      source,
      etag: unquoted(head.ETag),
      bytes,
      checksum: wholeChecksumOf(head),
      target: object,
      members: { ...traitMembers(traits, tags), ...others },
      condition: { IfMatch: head.ETag },
      isRetryable,
    };
    await copyInParts(order, sizes, abortSignal);
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

/** Headers and metadata of objects. Objects above `sizes.wholeBytes` are copied in parts. */
export const objectProperties = (
  isRetryable: (error: unknown) => boolean,
  sizes: CopySizes,
): PropertyStore => ({
  async read(object, signal) {
    const head = await headObject(object, signal, { ChecksumMode: 'ENABLED' });
    const traits = traitsOf(head);
    return {
      properties: propertiesOf(traits),
      ...(head.VersionId && { versionId: head.VersionId }),
      isLocked: head.isLocked,
      replace: (wanted, abortSignal) =>
        replace({ object, head, traits: withProperties(traits, wanted), sizes, isRetryable }, abortSignal),
    };
  },
});
