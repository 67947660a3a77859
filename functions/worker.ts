/** S3 Batch Operations invokes this for each object of a LambdaInvoke job; it runs the action that the job names. */
import { objectCopies } from './aws/objects/copies.ts';
import { objectDeletion } from './aws/objects/deletion.ts';
import { readArchive } from './aws/objects/heads.ts';
import { objectProperties } from './aws/objects/properties.ts';
import { readObject } from './aws/objects/read-object.ts';
import { secretReader } from './aws/objects/secrets.ts';
import { objectStreams } from './aws/objects/streams.ts';
import { objectTags } from './aws/objects/tags.ts';
import { env } from './core/env.ts';
import { logger } from './core/logger.ts';
import { isListedUrl } from './domain/allowed/listed-urls.ts';
import { fitsOne, isInside } from './domain/allowed/patterns.ts';
import { checkRestored } from './worker/actions/check-restored.ts';
import { COPY_SIZES, copyLarge } from './worker/actions/copy-large.ts';
import { deleteObject } from './worker/actions/delete-object.ts';
import { gunzip } from './worker/actions/gunzip.ts';
import { gzip } from './worker/actions/gzip.ts';
import { mergeTags } from './worker/actions/merge-tags.ts';
import { removeTags } from './worker/actions/remove-tags.ts';
import { METADATA_COPY_SIZES, setMetadata } from './worker/actions/set-metadata.ts';
import { verifyChecksum } from './worker/actions/verify-checksum.ts';
import { webhook } from './worker/actions/webhook.ts';
import { isTemporary, messageOf } from './worker/failures.ts';
import { createHttpsPost } from './worker/https-post.ts';
import { createWorker } from './worker/worker.ts';

export const handler = createWorker({
  actions: [
    checkRestored.using(readArchive),
    copyLarge.using({
      store: objectCopies,
      isTarget: (location) => isInside(env.targetBuckets(), location),
      isKmsKey: (name) => fitsOne(env.kmsKeys(), name),
      sizes: COPY_SIZES,
    }),
    deleteObject.using(objectDeletion),
    gunzip.using(objectStreams()),
    gzip.using(objectStreams()),
    mergeTags.using(objectTags),
    removeTags.using(objectTags),
    setMetadata.using(objectProperties(isTemporary, METADATA_COPY_SIZES)),
    verifyChecksum.using(readObject),
    webhook.using({
      isTarget: (url) => isListedUrl(env.webhooks(), url),
      readKey: secretReader(env.webhookSecret),
      post: createHttpsPost(),
      nowSeconds: () => Math.floor(Date.now() / 1000),
    }),
  ],
  enabled: env.enabledActions(),
  // Keys and messages may be customer data: they are logged at debug only.
  onFailure: ({ jobId, resultCode, error }) => {
    logger.info('task failed', { jobId, resultCode, errorName: (error as Error | undefined)?.name });
    logger.debug('task failed with', { jobId, message: messageOf(error) });
  },
});
