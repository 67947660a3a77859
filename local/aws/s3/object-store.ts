import type { ObjectFacts, ObjectStore, ObjectTarget, Tag } from '../../batch/object-store.ts';
import type { S3Core } from './core.ts';
import { listForBatch } from './listing/list-for-batch.ts';
import { createObjectActions } from './object-actions.ts';
import { commitUpload } from './objects/put-object.ts';
import { receiveUpload } from './objects/upload.ts';
import { shownEncryption } from './rules/encryption.ts';
import { newKey } from './rules/keys.ts';
import { newPlacement } from './rules/new-object.ts';
import { checkReadable } from './rules/restore.ts';
import { checkTags, storedTags } from './rules/tags.ts';
import { findVersion, shownVersionId } from './rules/versions.ts';
import { segmentsOf } from './store/version.ts';

/** An object store that answers at once, inside the caller's transaction. */
export interface LocalObjectStore extends ObjectStore {
  bucketExists(bucket: string): boolean;
  headObject(target: ObjectTarget): ObjectFacts;
  putObjectTagging(target: ObjectTarget, tags: readonly Tag[]): void;
  deleteObjectTagging(target: ObjectTarget): void;
}

/** The objects of the local S3 for the batch engine: the same rules as over the wire, without the wire. */
export function createObjectStore(s3: S3Core): LocalObjectStore {
  const find = ({ bucket, key, versionId }: ObjectTarget, method?: string) =>
    findVersion(s3, { Bucket: bucket, Key: key, VersionId: versionId }, {}, method);

  // A job sets one tag set on all its objects, so it is checked and written out once.
  const written = new WeakMap<readonly Tag[], string | null>();
  const tagText = (tags: readonly Tag[]) => {
    let text = written.get(tags);
    if (text === undefined) {
      text = storedTags(checkTags(tags));
      written.set(tags, text);
    }
    return text;
  };

  const setTags = (target: ObjectTarget, tags: string | null, method: string) => {
    const isDone =
      target.versionId === undefined &&
      s3.objects.tagCurrent(s3.buckets.require(target.bucket).id, target.key, tags);
    if (!isDone) s3.objects.tagVersion(find(target, method).version, tags);
  };

  return {
    ...createObjectActions(s3),
    transaction: (work) => s3.database.transaction(work),
    listObjects: (bucket, query) => listForBatch(s3, bucket, query),
    bucketExists: (bucket) => s3.buckets.get(bucket) !== undefined,
    headObject(target) {
      const { bucket, version } = find(target, 'HEAD');
      const versionId = shownVersionId(bucket, version);
      const { ServerSideEncryption: encryption } = shownEncryption(version.facts);
      return {
        etag: version.etag,
        size: version.size,
        ...(versionId !== undefined && { versionId }),
        ...(encryption !== undefined && { encryption }),
      };
    },
    readObject(target, from = 0) {
      const { version } = find(target);
      checkReadable(s3, version.facts);
      return s3.bodies.read(segmentsOf(version), from, version.size);
    },
    async putObject({ bucket: name, key }, body, { contentType, kmsKeyId } = {}) {
      const bucket = s3.buckets.require(name);
      const headers = contentType === undefined ? {} : { headers: { ContentType: contentType } };
      const encrypted =
        kmsKeyId === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId };
      const facts = { ...headers, ...newPlacement(s3, bucket, encrypted) };
      const upload = await receiveUpload(s3, body instanceof Uint8Array ? once(body) : body, {});
      const { versionId } = commitUpload(s3, bucket, { key: newKey(key), tags: null, facts }, upload);
      const { ServerSideEncryption: encryption } = shownEncryption(facts);
      return {
        etag: upload.etag,
        size: upload.staged.size,
        ...(versionId !== undefined && { versionId }),
        ...(encryption !== undefined && { encryption }),
      };
    },
    putObjectTagging: (target, tags) => setTags(target, tagText(tags), 'PUT'),
    deleteObjectTagging: (target) => setTags(target, null, 'DELETE'),
  };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
