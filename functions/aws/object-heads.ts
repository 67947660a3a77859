import { HeadObjectCommand, type HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { s3Client } from './clients.ts';
import { type ObjectVersion, targetOf } from './object-target.ts';

export interface ObjectHead extends HeadObjectCommandOutput {
  /** A legal hold, or a retention that has not run out. */
  isLocked: boolean;
}

/**
 * What HeadObject says; S3's exceptions pass as they are. For the checksum of an object with a KMS key one must have the
 * right to decrypt.
 */
export async function headObject(
  object: ObjectVersion,
  abortSignal: AbortSignal,
  checksum?: { ChecksumMode: 'ENABLED' },
): Promise<ObjectHead> {
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
  // By the clock of S3; without one a retention counts as not run out.
  return { ...head, isLocked: hold === 'ON' || (until !== undefined && !(until.getTime() <= answeredAt)) };
}

const ARCHIVES = ['GLACIER', 'DEEP_ARCHIVE'];

/** Where an object is, and whether it can be read there. */
export async function readArchive(object: ObjectVersion, signal: AbortSignal) {
  const {
    StorageClass: storageClass = 'STANDARD',
    ArchiveStatus,
    Restore,
  } = await headObject(object, signal);
  const isArchived = ARCHIVES.includes(storageClass) || ArchiveStatus !== undefined;
  const archive = !isArchived
    ? 'none'
    : Restore === undefined
      ? 'archived'
      : Restore.includes('ongoing-request="true"')
        ? 'restoring'
        : 'restored';
  return { storageClass, archive } as const;
}
