import type { S3SetObjectTaggingOperation } from '@aws-sdk/client-s3-control';
import type { ObjectStore, Tag } from '../object-store.ts';
import { objectOperation } from './object-operation.ts';
import type { Operation } from './operation.ts';

/** Replaces all tags of the object. */
export function putObjectTagging(objects: ObjectStore, { TagSet }: S3SetObjectTaggingOperation): Operation {
  const tags: Tag[] = (TagSet ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value }));
  return objectOperation((task) => objects.putObjectTagging(task, tags));
}
