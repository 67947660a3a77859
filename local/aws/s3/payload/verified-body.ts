import { AwsError } from '../../../core/aws-error.ts';
import type { WireRequest } from '../../../core/wire.ts';
import { badDigest, incompleteBody, invalidDigest, invalidRequest } from '../errors.ts';
import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  checksumHeader,
  isChecksumValue,
  toBase64,
} from './checksums.ts';
import { type BodyDigest, gatherChunks, LARGE_BODY_BYTES, startBodyDigest } from './digest-threads.ts';

/**
 * Returns the request with a body that throws at its end if it does not match the length, the Content-MD5, or the
 * checksum in a header or trailer of the request.
 */
export function verifyBody(request: WireRequest): WireRequest {
  // CompleteMultipartUpload declares the checksum of the whole object, not of its body.
  const completesUpload = request.method === 'POST' && /(?:^|&)uploadId=/.test(request.query);
  return { ...request, body: verified(request, completesUpload) };
}

async function* verified(
  { headers, body }: WireRequest,
  checksumIsOfObject: boolean,
): AsyncIterable<Uint8Array> {
  const algorithm = checksumIsOfObject ? undefined : declaredAlgorithm(headers);
  const expectedMd5 = headers['content-md5'];
  if (expectedMd5 !== undefined && !isChecksumValue('MD5', expectedMd5)) throw invalidDigest(expectedMd5);
  const declaredBytes = declaredSize(headers);
  const md5 = expectedMd5 === undefined ? undefined : startBodyDigest('MD5', declaredBytes);
  const digest = algorithm && startBodyDigest(algorithm, declaredBytes);
  try {
    let sizeBytes = 0;
    for await (const chunk of declaredBytes < LARGE_BODY_BYTES ? body : gatherChunks(body)) {
      sizeBytes += chunk.byteLength;
      await md5?.update(chunk);
      await digest?.update(chunk);
      yield chunk;
    }
    const length = headers['content-length'];
    if (length !== undefined && Number(length) !== sizeBytes) throw incompleteBody();
    if (md5 && expectedMd5 !== undefined) compareMd5(expectedMd5, toBase64(await md5.digest()));
    if (digest && algorithm) await compareChecksum(algorithm, headers, digest);
  } finally {
    md5?.drop();
    digest?.drop();
  }
}

/** The size that a request declares for its body; 0 without one. */
export const declaredSize = (headers: WireRequest['headers']): number =>
  Number(headers['content-length'] ?? 0);

function compareMd5(expected: string, calculated: string) {
  if (expected !== calculated)
    throw new AwsError('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.', {
      ExpectedDigest: expected,
      CalculatedDigest: calculated,
    });
}

async function compareChecksum(
  algorithm: ChecksumAlgorithm,
  headers: WireRequest['headers'],
  digest: BodyDigest,
) {
  const header = checksumHeader(algorithm);
  const expected = headers[header];
  if (expected === undefined) throw invalidRequest(`The announced trailer ${header} is missing.`);
  if (!isChecksumValue(algorithm, expected)) throw invalidRequest(`Value for ${header} header is invalid.`);
  const calculated = toBase64(await digest.digest());
  if (calculated !== expected) throw badDigest(algorithm, expected, calculated);
}

/** The algorithm of the checksum in the headers or announced trailers of a request. Throws for several. */
export function declaredAlgorithm(headers: WireRequest['headers']): ChecksumAlgorithm | undefined {
  const trailers = (headers['x-amz-trailer'] ?? '').split(',').map((name) => name.trim().toLowerCase());
  const declared = CHECKSUM_ALGORITHMS.filter(
    (algorithm) =>
      headers[checksumHeader(algorithm)] !== undefined || trailers.includes(checksumHeader(algorithm)),
  );
  if (declared.length > 1)
    throw invalidRequest(
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  return declared[0];
}

/** Whether a request declares a digest of its body. */
export const hasDigest = (headers: WireRequest['headers']): boolean =>
  headers['content-md5'] !== undefined || declaredAlgorithm(headers) !== undefined;
