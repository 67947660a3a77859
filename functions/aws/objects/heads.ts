import { HeadObjectCommand, type HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { ArchiveReader } from '../../worker/actions/check-restored.ts';
import type { ObjectVersion } from '../../worker/contract.ts';
import { s3Client } from '../clients.ts';
import { targetOf } from './target.ts';

export interface HeadWithLock extends HeadObjectCommandOutput {
  /** A legal hold, or a retention that has not expired. */
  isLocked: boolean;
}

/** The checksum of an object that is encrypted with a KMS key requires permission to decrypt with that key. */
export async function headObject(
  object: ObjectVersion,
  abortSignal: AbortSignal,
  checksum?: { ChecksumMode: 'ENABLED' },
): Promise<HeadWithLock> {
  const command = new HeadObjectCommand({ ...targetOf(object), ...checksum });
  let answeredAt = Number.NaN;
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers } = result.response as { headers: Record<string, string> };
      answeredAt = Date.parse(headers['date'] ?? '');
      return result;
    },
    { step: 'deserialize', name: 'readDate' },
  );
  const head = await s3Client().send(command, { abortSignal });
  const { ObjectLockLegalHoldStatus: hold, ObjectLockRetainUntilDate: until } = head;
  // By the clock of S3; without a date in the answer, a retention counts as not expired.
  return { ...head, isLocked: hold === 'ON' || (until !== undefined && !(until.getTime() <= answeredAt)) };
}

const ARCHIVES = ['GLACIER', 'DEEP_ARCHIVE'];

export const readArchive: ArchiveReader = async (object, signal) => {
  const { StorageClass: storageClass = 'STANDARD', ...head } = await headObject(object, signal);
  const isArchived = ARCHIVES.includes(storageClass) || head.ArchiveStatus !== undefined;
  if (!isArchived) return { storageClass, archive: 'none' };
  if (head.Restore === undefined) return { storageClass, archive: 'archived' };
  const isRestoring = head.Restore.includes('ongoing-request="true"');
  return { storageClass, archive: isRestoring ? 'restoring' : 'restored' };
};
