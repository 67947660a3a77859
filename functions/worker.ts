/** Invoked by S3 Batch Operations for each object of a LambdaInvoke job: runs the action that the job names. */
import { objectTags } from './aws/object-tags.ts';
import { readObject } from './aws/objects.ts';
import { env } from './core/env.ts';
import { logger } from './core/logger.ts';
import { mergeTags } from './worker/actions/merge-tags.ts';
import { verifyChecksum } from './worker/actions/verify-checksum.ts';
import { messageOf } from './worker/failures.ts';
import { createWorker } from './worker/worker.ts';

export const handler = createWorker({
  actions: [mergeTags.using(objectTags), verifyChecksum.using(readObject)],
  enabled: env.enabledActions(),
  // Keys and messages may be the customer's: at debug only. One line for each failure, none for success.
  onFailure: ({ jobId, resultCode, error }) => {
    logger.info('task failed', { jobId, resultCode, errorName: (error as Error | undefined)?.name });
    logger.debug('task failed with', { jobId, message: messageOf(error) });
  },
});
