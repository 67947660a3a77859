import { declareAction } from '../action.ts';
import type { ObjectVersion } from '../contract.ts';
import { ActionFailure } from '../failures.ts';
import * as schema from '../generated/check-restored.mjs';

export type ArchiveReader = (
  object: ObjectVersion,
  signal: AbortSignal,
) => Promise<{ storageClass: string; archive: 'none' | 'archived' | 'restoring' | 'restored' }>;

const WAITING = 'waiting';

/**
 * Succeeds if the object can be read: it is not archived, or it has been restored. Result: JSON of `storageClass` and
 * `restored`. An object that cannot be read yet is a permanent failure, because S3 does not wait for hours between two tries.
 * With `wait` it succeeds with the result `waiting`, so that S3 does not end a job in which most tasks fail.
 */
export const checkRestored = declareAction(
  { name: 'check-restored', schema },
  (read: ArchiveReader) =>
    async (object, { arguments: { wait }, signal }) => {
      const { storageClass, archive } = await read(object, signal);
      if (wait && (archive === 'restoring' || archive === 'archived')) return WAITING;
      if (archive === 'restoring')
        throw new ActionFailure('PermanentFailure', `is still being restored from ${storageClass}`);
      if (archive === 'archived')
        throw new ActionFailure(
          'PermanentFailure',
          `is archived in ${storageClass} and is not being restored`,
        );
      return JSON.stringify({ storageClass, restored: archive === 'restored' });
    },
);
