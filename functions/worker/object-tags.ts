import type { ObjectVersion } from './contract.ts';
import { ActionFailure } from './failures.ts';

export type Tags = ReadonlyMap<string, string>;

/** Tags of objects. S3 can only replace all tags of an object, and only unconditionally. */
export interface TagStore {
  /** With the version that was read, in a bucket with versioning. */
  read(object: ObjectVersion, signal: AbortSignal): Promise<{ tags: Tags; versionId?: string }>;
  write(object: ObjectVersion, tags: Tags, signal: AbortSignal): Promise<void>;
}

const MAX_TAGS = 10;
const MAX_ROUNDS = 5;

const areEqual = (one: Tags, other: Tags) =>
  one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);

/**
 * Changes the tags of an object, reads them again, and repeats the change if another writer has replaced them. Resolves
 * with the number of tags. A tag that another writer adds between our read and our write is lost, because S3 has no
 * conditional write of tags.
 */
export async function changeTags(
  store: TagStore,
  object: ObjectVersion,
  signal: AbortSignal,
  change: (tags: Tags) => Tags,
): Promise<number> {
  for (let round = 0; round <= MAX_ROUNDS; round++) {
    const { tags, versionId } = await store.read(object, signal);
    const wanted = change(tags);
    if (areEqual(tags, wanted)) return tags.size;
    if (wanted.size > MAX_TAGS)
      throw new ActionFailure('PermanentFailure', `it would have ${wanted.size} tags; S3 allows ${MAX_TAGS}`);
    // Writes to the version that was read, so that a newer version does not get the tags of an older one.
    if (round < MAX_ROUNDS) await store.write(versionId ? { ...object, versionId } : object, wanted, signal);
  }
  throw new ActionFailure('TemporaryFailure', 'other writers keep replacing the tags; try again');
}
