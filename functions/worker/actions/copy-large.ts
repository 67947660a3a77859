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
  type ObjectPlace,
  type ObjectTraits,
  retellMoved,
} from '../object-copy.ts';
import type { Tags } from '../object-tags.ts';

const MIB = 1024 ** 2;
export const COPY_SIZES: CopySizes = { wholeBytes: 1024 * MIB, partBytes: 128 * MIB, partsInFlight: 32 };

export interface CopyTools {
  store: CopyStore;
  /** Where this deployment lets copies go, and the KMS keys that arguments may name. */
  isTarget(place: ObjectPlace): boolean;
  isKmsKey(name: string): boolean;
  sizes: CopySizes;
}

const permanent = (why: string) => new ActionFailure('PermanentFailure', why);

function targetOf(object: ObjectVersion, wanted: CopyLarge, { isTarget, isKmsKey }: CopyTools): ObjectPlace {
  const { targetBucket: bucket = object.bucket, targetPrefix = '', kmsKey } = wanted;
  const target = { bucket, key: `${targetPrefix}${object.key}` };
  if (!isTarget(target)) throw permanent('the target is not a place that this deployment lists');
  if (kmsKey !== undefined && !isKmsKey(kmsKey)) throw permanent('kmsKey is not a listed KMS key');
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
  if (toGroups) throw permanent('its ACL is open to groups, which is not copied');
  return access;
}

/** Whether the target has the bytes and the traits already; an encryption that is not told is as good as any. */
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
 * Copies the object, of any size, to `targetBucket` and below `targetPrefix`, or onto itself; what no argument replaces
 * is kept. Nothing is copied when the target is alike already. Result: JSON of `bytes` and `etag` of the copy.
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
      const there = await store.find(target, signal);
      const isSelf = target.bucket === object.bucket && target.key === object.key;
      // What the ACL is cannot be told by a look, so where one is wanted it is set.
      if (there && !wanted.acl && isAlike(head, there, traits, isSelf))
        if (areEqual(await store.tags(target, signal), tags))
          return JSON.stringify({ bytes, etag: there.etag });
      const order = {
        source,
        head,
        target,
        replaces: there?.etag,
        traits,
        tags,
        access: await accessOf(store, source, wanted.acl, signal),
        isPassing: isTemporary,
      };
      const copy =
        bytes > sizes.wholeBytes ? store.copyInParts(order, sizes, signal) : store.copyWhole(order, signal);
      return JSON.stringify({ bytes, etag: await copy.catch(retellMoved) });
    },
);
