import { GetObjectTaggingCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import { s3Client } from './clients.ts';
import { type ObjectVersion, targetOf } from './object-target.ts';

/** Tags of objects for the worker; S3's exceptions pass as they are, the worker sorts them. */
export const objectTags = {
  async read(object: ObjectVersion, abortSignal: AbortSignal) {
    const command = new GetObjectTaggingCommand(targetOf(object));
    const { TagSet = [], VersionId } = await s3Client().send(command, { abortSignal });
    const tags = new Map(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
    return { tags, ...(VersionId && { versionId: VersionId }) };
  },

  async write(object: ObjectVersion, tags: ReadonlyMap<string, string>, abortSignal: AbortSignal) {
    const TagSet = [...tags].map(([Key, Value]) => ({ Key, Value }));
    await s3Client().send(new PutObjectTaggingCommand({ ...targetOf(object), Tagging: { TagSet } }), {
      abortSignal,
    });
  },
};
