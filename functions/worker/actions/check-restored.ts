import { declareAction } from '../action.ts';
import type { ObjectVersion } from '../contract.ts';
import { ActionFailure } from '../failures.ts';
import * as schema from '../generated/check-restored.mjs';

export type ArchiveReader = (
  object: ObjectVersion,
  signal: AbortSignal,
) => Promise<{ storageClass: string; archive: 'none' | 'archived' | 'restoring' | 'restored' }>;

/**
 * Succeeds when the object can be read: it is in no archive, or has been restored. Result: JSON of `storageClass` and
 * `restored`. What is not readable yet is permanent: S3 would not wait for hours between two tries.
 */
export const checkRestored = declareAction(
  { name: 'check-restored', schema },
  (read: ArchiveReader) =>
    async (object, { signal }) => {
      const { storageClass, archive } = await read(object, signal);
      if (archive === 'restoring')
        throw new ActionFailure('PermanentFailure', `is still being restored from ${storageClass}`);
      if (archive === 'archived')
        throw new ActionFailure('PermanentFailure', `is archived in ${storageClass}, and not being restored`);
      return JSON.stringify({ storageClass, restored: archive === 'restored' });
    },
);
