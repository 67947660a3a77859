import type { S3Core } from '../core.ts';
import {
  invalidArgument,
  lockedObject,
  malformedXml,
  missingObjectLock,
  notImplementedHeader,
} from '../errors.ts';
import type { Bucket } from '../store/buckets.ts';
import type { ObjectFacts } from '../store/facts.ts';
import type { ObjectVersion } from '../store/version.ts';

const MS_PER_DAY = 24 * 60 * 60 * 1000;

export type Retention = NonNullable<ObjectFacts['retention']>;
type LockFacts = Pick<ObjectFacts, 'retention' | 'legalHold'>;

interface LockInput {
  ObjectLockMode?: string | undefined;
  ObjectLockRetainUntilDate?: Date | undefined;
  ObjectLockLegalHoldStatus?: string | undefined;
  ObjectLockEventHold?: string | undefined;
}

const isHold = (hold: string): hold is 'ON' | 'OFF' => hold === 'ON' || hold === 'OFF';

const isMode = (mode: string | undefined): mode is Retention['mode'] =>
  mode === 'COMPLIANCE' || mode === 'GOVERNANCE';

export function retentionMode(mode: string | undefined): Retention['mode'] {
  if (!isMode(mode)) throw malformedXml();
  return mode;
}

/** A retain-until date in milliseconds since the epoch. It must be in the future. */
export function futureDate({ clock }: S3Core, date: Date | undefined): number {
  const until = date?.getTime() ?? Number.NaN;
  if (Number.isNaN(until)) throw malformedXml();
  if (until <= clock.now())
    throw invalidArgument('The retain until date must be in the future!', 'RetainUntilDate', String(date));
  return until;
}

/** The lock of a new object: that of the request, or else the default retention of the bucket. */
export function newLock(s3: S3Core, bucket: Bucket, input: LockInput): LockFacts {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: date, ObjectLockLegalHoldStatus: hold } = input;
  const { objectLock } = bucket.settings;
  if (input.ObjectLockEventHold !== undefined) throw notImplementedHeader('x-amz-object-lock-event-hold');
  if (!objectLock) {
    if (mode !== undefined || date !== undefined || hold !== undefined) throw missingObjectLock();
    return {};
  }
  if ((mode === undefined) !== (date === undefined))
    throw invalidArgument(
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
      'x-amz-object-lock-mode',
      mode ?? 'null',
    );
  if (mode !== undefined && !isMode(mode))
    throw invalidArgument('Unknown wormMode directive.', 'x-amz-object-lock-mode', mode);
  if (hold !== undefined && !isHold(hold))
    throw invalidArgument('Legal Hold must be either of ON or OFF', 'x-amz-object-lock-legal-hold', hold);
  const retention: Retention | undefined =
    mode === undefined ? defaultRetention(s3, objectLock) : { mode, until: futureDate(s3, date) };
  return { ...(retention && { retention }), ...(hold !== undefined && { legalHold: hold }) };
}

function defaultRetention(
  { clock }: S3Core,
  { defaultRetention }: NonNullable<Bucket['settings']['objectLock']>,
): Retention | undefined {
  if (!defaultRetention) return undefined;
  const { mode, days = 0, years = 0 } = defaultRetention;
  const until = new Date(clock.now() + days * MS_PER_DAY);
  until.setUTCFullYear(until.getUTCFullYear() + years);
  return { mode, until: until.getTime() };
}

/** Whether a lock protects a version: a legal hold, or a retention. A bypass overrides GOVERNANCE. */
export function isLocked(
  { clock }: S3Core,
  { retention, legalHold }: LockFacts,
  bypassGovernance = false,
): boolean {
  if (legalHold === 'ON') return true;
  if (!retention || retention.until <= clock.now()) return false;
  return retention.mode === 'COMPLIANCE' || !bypassGovernance;
}

/** Throws AccessDenied if a lock protects the version. */
export function checkRemovable(s3: S3Core, { facts }: ObjectVersion, bypassGovernance?: boolean): void {
  if (isLocked(s3, facts, bypassGovernance)) throw lockedObject();
}

/**
 * Checks a change of retention. COMPLIANCE can only be extended. GOVERNANCE can be extended; any other change, also to
 * COMPLIANCE, needs a bypass. An expired retention can be changed freely.
 */
export function checkRetentionChange(
  { clock }: S3Core,
  present: Retention | undefined,
  wanted: Retention | undefined,
  bypassGovernance: boolean,
): void {
  if (!present || present.until <= clock.now()) return;
  const isLonger = wanted !== undefined && wanted.until >= present.until;
  if (isLonger && wanted.mode === present.mode) return;
  if (present.mode === 'COMPLIANCE' || !bypassGovernance) throw lockedObject();
}

/** The output members that describe the lock of an object. */
export const describeLock = ({ retention, legalHold }: LockFacts) => ({
  ...(retention && {
    ObjectLockMode: retention.mode,
    ObjectLockRetainUntilDate: new Date(retention.until),
  }),
  ...(legalHold && { ObjectLockLegalHoldStatus: legalHold }),
});
