import type { ActionContext } from '../../protocol/action.ts';
import type { S3Action, S3Core, S3Input } from '../core.ts';
import { invalidRequest } from '../errors.ts';
import { checkReadConditions } from '../rules/conditions.ts';
import { checkReadKey, refuseEncryptionHeader } from '../rules/encryption.ts';
import { parseRange } from '../rules/range.ts';
import { checkReadable } from '../rules/restore.ts';
import { findVersion } from '../rules/versions.ts';
import { type ObjectVersion, segmentsOf } from '../store/version.ts';
import { describeChecksum, describePartChecksum, describeVersion } from './describe-version.ts';
import { partRange } from './parts.ts';

const WRONG_KEY =
  'Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key.';

export const getObject =
  (s3: S3Core): S3Action<'GetObject'> =>
  (input, context) => {
    const { version, answer, from, to } = select(s3, input, context);
    checkReadable(s3, version.facts);
    return {
      ...answer,
      ...(input.ResponseCacheControl !== undefined && { CacheControl: input.ResponseCacheControl }),
      ...(input.ResponseContentDisposition !== undefined && {
        ContentDisposition: input.ResponseContentDisposition,
      }),
      ...(input.ResponseContentEncoding !== undefined && { ContentEncoding: input.ResponseContentEncoding }),
      ...(input.ResponseContentLanguage !== undefined && { ContentLanguage: input.ResponseContentLanguage }),
      ...(input.ResponseContentType !== undefined && { ContentType: input.ResponseContentType }),
      Body: s3.bodies.read(segmentsOf(version), from, to),
    };
  };

export const headObject =
  (s3: S3Core): S3Action<'HeadObject'> =>
  (input, context) =>
    select(s3, input, context).answer;

/** Finds the requested version, its range, and the output members that describe them. */
function select(s3: S3Core, input: S3Input<'GetObject'> & S3Input<'HeadObject'>, context: ActionContext) {
  const { headers } = context.response;
  const { bucket, version } = findVersion(s3, input, headers, context.request.method);
  refuseEncryptionHeader(context.request.headers);
  checkReadKey(version.facts, input, WRONG_KEY);
  checkReadConditions(s3, version, input, headers);
  if (version.facts.headers?.Expires !== undefined) headers['expires'] = version.facts.headers.Expires;
  if (input.ResponseExpires) headers['expires'] = input.ResponseExpires.toUTCString();
  if (input.Range !== undefined && input.PartNumber !== undefined)
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter.');
  const part = partRange(version, input.PartNumber);
  const range = part ?? parseRange(input.Range, version.size);
  if (range) context.response.status = 206;
  const { from, to } = range ?? { from: 0, to: version.size };
  const answer = {
    ...describeVersion(s3, bucket, version),
    ContentLength: to - from,
    ...(range && { ContentRange: `bytes ${from}-${to - 1}/${version.size}` }),
    ...(part && version.facts.parts && { PartsCount: version.facts.parts.length }),
    ...(input.ChecksumMode?.toUpperCase() === 'ENABLED' && {
      ...(isPartial(version, from, to)
        ? part && describePartChecksum(version, input.PartNumber)
        : describeChecksum(version)),
    }),
  };
  return { version, answer, from, to };
}

const isPartial = ({ size }: ObjectVersion, from: number, to: number) => from > 0 || to < size;
