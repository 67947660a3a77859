import type { ObjectFacts, ObjectStore, Tag } from '../../batch/object-store.ts';
import type { ObjectTarget } from '../../batch/object-target.ts';
import { createActionsForBatch } from './actions-for-batch.ts';
import type { S3Core } from './core.ts';
import { listForBatch } from './listing/list-for-batch.ts';
import { commitUpload } from './objects/put-object.ts';
import { receiveUpload } from './objects/upload.ts';
import { describeEncryption } from './rules/encryption.ts';
import { newKey } from './rules/keys.ts';
import { newFacts } from './rules/new-facts.ts';
import { checkReadable } from './rules/restore.ts';
import { checkTags, storedTags } from './rules/tags.ts';
import { describeVersionId, findVersion } from './rules/versions.ts';
import { segmentsOf } from './store/version.ts';

/** An object store whose calls are synchronous and join the caller's transaction. */
export interface LocalObjectStore extends ObjectStore {
  bucketExists(bucket: string): boolean;
  headObject(target: ObjectTarget): ObjectFacts;
  putObjectTagging(target: ObjectTarget, tags: readonly Tag[]): void;
  deleteObjectTagging(target: ObjectTarget): void;
}

/** The local S3 as the object store of the batch engine. The rules are those of the HTTP API. */
export function createObjectsForBatch(s3: S3Core): LocalObjectStore {
  const find = ({ bucket, key, versionId }: ObjectTarget, method?: string) =>
    findVersion(s3, { Bucket: bucket, Key: key, VersionId: versionId }, {}, method);

  // A job sets the same tag set on all its objects, so the set is checked and serialized once.
  const serialized = new WeakMap<readonly Tag[], string | null>();
  const tagText = (tags: readonly Tag[]) => {
    let text = serialized.get(tags);
    if (text === undefined) {
      text = storedTags(checkTags(tags));
      serialized.set(tags, text);
    }
    return text;
  };

  const setTags = (target: ObjectTarget, tags: string | null, method: string) => {
    const isTagged =
      target.versionId === undefined &&
      s3.objects.tagCurrent(s3.buckets.require(target.bucket).id, target.key, tags);
    if (!isTagged) s3.objects.tagVersion(find(target, method).version, tags);
  };

  return {
    ...createActionsForBatch(s3),
    transaction: (work) => s3.database.transaction(work),
    listObjects: (bucket, query) => listForBatch(s3, bucket, query),
    bucketExists: (bucket) => s3.buckets.get(bucket) !== undefined,
    headObject(target) {
      const { bucket, version } = find(target, 'HEAD');
      const versionId = describeVersionId(bucket, version);
      const { ServerSideEncryption: encryption } = describeEncryption(version.facts);
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
      const facts = { ...headers, ...newFacts(s3, bucket, encrypted) };
      const upload = await receiveUpload(s3, body instanceof Uint8Array ? once(body) : body, {});
      const { versionId } = commitUpload(s3, bucket, { key: newKey(key), tags: null, facts }, upload);
      const { ServerSideEncryption: encryption } = describeEncryption(facts);
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
