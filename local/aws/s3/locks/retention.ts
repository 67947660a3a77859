import type { S3Action, S3Core, S3Input } from '../core.ts';
import { malformedXml, missingObjectLock, noObjectLock, notImplementedHeader } from '../errors.ts';
import { checkRetentionChange, futureDate, type Retention, retentionMode } from '../rules/object-lock.ts';
import { findVersion } from '../rules/versions.ts';

export const getObjectRetention =
  (s3: S3Core): S3Action<'GetObjectRetention'> =>
  (input, { response }) => {
    const { bucket, version } = findVersion(s3, input, response.headers);
    if (!bucket.settings.objectLock) throw missingObjectLock();
    const { retention } = version.facts;
    if (!retention) throw noObjectLock(version.key);
    return { Retention: { Mode: retention.mode, RetainUntilDate: new Date(retention.until) } };
  };

export const putObjectRetention =
  (s3: S3Core): S3Action<'PutObjectRetention'> =>
  (input, { response }) => {
    const { bucket, version } = findVersion(s3, input, response.headers, 'PUT');
    if (!bucket.settings.objectLock) throw missingObjectLock();
    const { retention: present, ...facts } = version.facts;
    const wanted = wantedRetention(s3, input);
    checkRetentionChange(s3, present, wanted, input.BypassGovernanceRetention === true);
    s3.database.transaction(() =>
      s3.objects.changeFacts(version, { ...facts, ...(wanted && { retention: wanted }) }),
    );
    return {};
  };

/** The requested retention: mode and date. A request without both removes the retention. */
function wantedRetention(
  s3: S3Core,
  { Retention = {} }: S3Input<'PutObjectRetention'>,
): Retention | undefined {
  const { Mode: mode, RetainUntilDate: date, EventHold: hold, EventHoldDuration: duration } = Retention;
  if (hold !== undefined || duration !== undefined) throw notImplementedHeader('EventHold');
  if (mode === undefined && date === undefined) return undefined;
  if (mode === undefined || date === undefined) throw malformedXml();
  return { mode: retentionMode(mode), until: futureDate(s3, date) };
}
