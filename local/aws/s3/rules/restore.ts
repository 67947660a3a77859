import type { S3Core } from '../core.ts';
import { invalidObjectState } from '../errors.ts';
import type { ObjectFacts } from '../store/facts.ts';
import { isArchived } from './storage-class.ts';

const MS_PER_DAY = 24 * 60 * 60 * 1000;

/** When a restored copy expires: at the next midnight (UTC) after its days have passed. */
export const expiryOf = ({ ready, days }: NonNullable<ObjectFacts['restore']>): number =>
  Math.ceil((ready + days * MS_PER_DAY) / MS_PER_DAY) * MS_PER_DAY;

/** The current state of a restore. */
export function restoreState({ clock }: S3Core, { restore }: ObjectFacts): 'none' | 'ongoing' | 'restored' {
  if (!restore) return 'none';
  if (clock.now() < restore.ready) return 'ongoing';
  return clock.now() < expiryOf(restore) ? 'restored' : 'none';
}

/** Throws InvalidObjectState for an archived object that is not restored. */
export function checkReadable(s3: S3Core, facts: ObjectFacts, message?: string): void {
  if (isArchived(facts.storageClass) && restoreState(s3, facts) !== 'restored')
    throw invalidObjectState(facts.storageClass ?? '', message);
}

/** The member `Restore` of GetObject and HeadObject, sent as the header `x-amz-restore`. */
export function describeRestore(s3: S3Core, facts: ObjectFacts): { Restore?: string } {
  const state = restoreState(s3, facts);
  if (state === 'none' || !facts.restore) return {};
  if (state === 'ongoing') return { Restore: 'ongoing-request="true"' };
  return {
    Restore: `ongoing-request="false", expiry-date="${new Date(expiryOf(facts.restore)).toUTCString()}"`,
  };
}

/** The member `RestoreStatus` of lists. */
export function describeRestoreStatus(s3: S3Core, facts: ObjectFacts) {
  const state = restoreState(s3, facts);
  if (state === 'none' || !facts.restore) return {};
  const expiry = state === 'restored' ? { RestoreExpiryDate: new Date(expiryOf(facts.restore)) } : {};
  return { RestoreStatus: { IsRestoreInProgress: state === 'ongoing', ...expiry } };
}
