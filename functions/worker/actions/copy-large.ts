import { isDeepStrictEqual } from 'node:util';
import { declareAction } from '../action.ts';
import type { ObjectVersion } from '../contract.ts';
import { ActionFailure, isTemporary } from '../failures.ts';
import type { CopyLarge } from '../generated/copy-large.mjs';
import * as schema from '../generated/copy-large.mjs';
import {
  type CopySizes,
  type CopyStore,
  type ObjectHead,
  type ObjectLocation,
  type ObjectTraits,
  rethrowChanged,
} from '../object-copy.ts';
import type { Tags } from '../object-tags.ts';

const MIB = 1024 ** 2;
export const COPY_SIZES: CopySizes = { wholeBytes: 1024 * MIB, partBytes: 128 * MIB, partsInProgress: 32 };

export interface CopyTools {
  store: CopyStore;
  /** Whether `targetBuckets` lists the location. */
  isTarget(location: ObjectLocation): boolean;
  /** Whether `kmsKeys` lists the key. */
  isKmsKey(name: string): boolean;
  sizes: CopySizes;
}

const permanent = (why: string) => new ActionFailure('PermanentFailure', why);

function targetOf(
  object: ObjectVersion,
  wanted: CopyLarge,
  { isTarget, isKmsKey }: CopyTools,
): ObjectLocation {
  const { targetBucket: bucket = object.bucket, targetPrefix = '', kmsKey } = wanted;
  const target = { bucket, key: `${targetPrefix}${object.key}` };
  if (!isTarget(target)) throw permanent('targetBuckets of this deployment does not list the target');
  if (kmsKey !== undefined && !isKmsKey(kmsKey))
    throw permanent('kmsKeys of this deployment does not list kmsKey');
  return target;
}

function wantedTraits({ traits }: ObjectHead, wanted: CopyLarge): ObjectTraits {
  const { metadata = traits.metadata, storageClass = traits.storageClass, encryption, kmsKey } = wanted;
  return {
    ...traits,
    metadata,
    storageClass,
    ...(encryption && { encryption: { algorithm: encryption, ...(kmsKey && { kmsKey }) } }),
  };
}

async function accessOf(store: CopyStore, source: ObjectVersion, acl: CopyLarge['acl'], signal: AbortSignal) {
  if (acl !== 'keep') return acl ? { ACL: acl } : {};
  const { access, toGroups } = await store.grants(source, signal);
  if (toGroups) throw permanent('its ACL grants access to a group; such grants are not copied');
  return access;
}

/** Whether the target already has the bytes and the traits. Without a wanted encryption, any encryption is accepted. */
function isAlike(source: ObjectHead, target: ObjectHead, traits: ObjectTraits, isSelf: boolean): boolean {
  const isSame = isSelf && source.etag === target.etag;
  const isEqual = source.checksum !== undefined && isDeepStrictEqual(source.checksum, target.checksum);
  const { encryption, ...others } = traits;
  const { encryption: found, ...foundOthers } = target.traits;
  const isEncrypted =
    encryption?.algorithm === found?.algorithm && (encryption?.kmsKey ?? found?.kmsKey) === found?.kmsKey;
  return (
    source.bytes === target.bytes &&
    (isSame || isEqual) &&
    isEncrypted &&
    isDeepStrictEqual(others, foundOthers)
  );
}

const areEqual = (one: Tags, other: Tags) => isDeepStrictEqual(new Map(one), new Map(other));

/**
 * Copies an object of any size to `targetBucket` and `targetPrefix`, or onto itself, and keeps everything that no argument
 * replaces. Does not copy if the target is already equal. Result: JSON of `bytes` and `etag` of the copy.
 */
export const copyLarge = declareAction(
  { name: 'copy-large', schema },
  (tools: CopyTools) =>
    async (object, { arguments: wanted, signal }) => {
      const { store, sizes } = tools;
      const target = targetOf(object, wanted, tools);
      const head = await store.head(object, signal);
      const { bytes, versionId } = head;
      const source = versionId ? { ...object, versionId } : object;
      const traits = wantedTraits(head, wanted);
      const tags = wanted.tags ? new Map(Object.entries(wanted.tags)) : await store.tags(source, signal);
      const found = await store.find(target, signal);
      const isSelf = target.bucket === object.bucket && target.key === object.key;
      // HeadObject does not show the ACL, so a wanted ACL is always set.
      if (found && !wanted.acl && isAlike(head, found, traits, isSelf))
        if (areEqual(await store.tags(target, signal), tags))
          return JSON.stringify({ bytes, etag: found.etag });
      const order = {
        source,
        head,
        target,
        replaces: found?.etag,
        traits,
        tags,
        access: await accessOf(store, source, wanted.acl, signal),
        isRetryable: isTemporary,
      };
      const copy =
        bytes > sizes.wholeBytes ? store.copyInParts(order, sizes, signal) : store.copyWhole(order, signal);
      return JSON.stringify({ bytes, etag: await copy.catch(rethrowChanged) });
    },
);
