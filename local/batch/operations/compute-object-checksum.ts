import { createHash } from 'node:crypto';
import type { S3ComputeObjectChecksumOperation } from '@aws-sdk/client-s3-control';
import { AwsError } from '../../core/aws-error.ts';
import type { ChecksumRequest, ObjectChecksum } from '../object-actions.ts';
import type { ObjectStore } from '../object-store.ts';
import { CHECKSUM, reportMessage } from '../unconfirmed.ts';
import { asAwsError } from './object-operation.ts';
import type { Operation, Task, TaskOutcome } from './operation.ts';

/** Objects that are read at a time. */
const CONCURRENCY = 8;

/** Computes a checksum of the object as it is stored and tells it in the report; the object stays as it is. */
export function computeObjectChecksum(
  jobId: string,
  { ChecksumAlgorithm, ChecksumType }: S3ComputeObjectChecksumOperation,
  objects: ObjectStore,
): Operation {
  const request: ChecksumRequest = {
    algorithm: ChecksumAlgorithm ?? CHECKSUM.defaultAlgorithm,
    type: ChecksumType ?? CHECKSUM.defaultType,
  };
  return {
    concurrency: CONCURRENCY,
    inKeyOrder: false,
    async run(task) {
      try {
        const message = describeChecksum(await objects.computeChecksum(task, request), request);
        return { succeeded: true, httpStatus: 200, errorCode: '', message };
      } catch (error) {
        return toFailure(error, jobId, task);
      }
    },
  };
}

function describeChecksum({ bytes, type, partCount, etag }: ObjectChecksum, { algorithm }: ChecksumRequest) {
  const checksum = Buffer.from(bytes);
  const parts = partCount === undefined ? '' : CHECKSUM.compositeSuffix(partCount);
  const result = {
    checksum_base64: `${checksum.toString('base64')}${parts}`,
    etag,
    checksumAlgorithm: algorithm,
    checksumType: type,
    checksum_hex: checksum.toString('hex').toUpperCase(),
  };
  return JSON.stringify(result).replaceAll('=', '\\u003d');
}

/** The texts that S3's published report has. */
const MESSAGES: Record<string, string> = {
  NoSuchKey: 'Key not found',
  InternalError: 'Internal server error, please retry',
};

/** HTTP status 200, because it is a job of its own that failed; the object's error is in the message. */
function toFailure(error: unknown, jobId: string, task: Task): TaskOutcome {
  const { code, status, message } = asAwsError(error);
  const known = error instanceof AwsError ? MESSAGES[code] : undefined;
  const text = `Task ${checksumTaskId(jobId, task)} ${known ?? reportMessage(message)}`;
  const details = `{"failureMessage":${JSON.stringify(text)}, "errorCode": "${status}"}`;
  return {
    succeeded: false,
    httpStatus: 200,
    errorCode: 'PermanentFailure',
    message: `error details: ${details}`,
  };
}

/** Shaped like the ids in S3's reports, the same at every attempt. */
function checksumTaskId(jobId: string, { number }: Task): string {
  const digest = createHash('sha256').update(`${jobId}/${number}`).digest('hex');
  return digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
