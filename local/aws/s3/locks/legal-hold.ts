import type { S3Action, S3Core } from '../core.ts';
import { malformedXml, missingObjectLock, noObjectLock } from '../errors.ts';
import { findVersion } from '../rules/versions.ts';

export const getObjectLegalHold =
  (s3: S3Core): S3Action<'GetObjectLegalHold'> =>
  (input, { response }) => {
    const { bucket, version } = findVersion(s3, input, response.headers);
    if (!bucket.settings.objectLock) throw missingObjectLock();
    if (!version.facts.legalHold) throw noObjectLock(version.key);
    return { LegalHold: { Status: version.facts.legalHold } };
  };

export const putObjectLegalHold =
  (s3: S3Core): S3Action<'PutObjectLegalHold'> =>
  (input, { response }) => {
    const { bucket, version } = findVersion(s3, input, response.headers, 'PUT');
    if (!bucket.settings.objectLock) throw missingObjectLock();
    const legalHold = input.LegalHold?.Status;
    if (legalHold !== 'ON' && legalHold !== 'OFF') throw malformedXml();
    s3.database.transaction(() => s3.objects.changeFacts(version, { ...version.facts, legalHold }));
    return {};
  };
