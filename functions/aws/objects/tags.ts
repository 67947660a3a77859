import { GetObjectTaggingCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import type { TagStore } from '../../worker/object-tags.ts';
import { s3Client } from '../clients.ts';
import { targetOf } from './target.ts';

export const objectTags: TagStore = {
  async read(object, abortSignal) {
    const command = new GetObjectTaggingCommand(targetOf(object));
    const { TagSet = [], VersionId } = await s3Client().send(command, { abortSignal });
    const tags = new Map(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
    return { tags, ...(VersionId && { versionId: VersionId }) };
  },

  async write(object, tags, abortSignal) {
    const TagSet = [...tags].map(([Key, Value]) => ({ Key, Value }));
    await s3Client().send(new PutObjectTaggingCommand({ ...targetOf(object), Tagging: { TagSet } }), {
      abortSignal,
    });
  },
};
