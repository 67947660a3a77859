import { createHash } from 'node:crypto';
import type { S3ComputeObjectChecksumOperation } from '@aws-sdk/client-s3-control';
import { AwsError } from '../../core/aws-error.ts';
import type { ChecksumRequest, ObjectChecksum } from '../object-actions.ts';
import type { ObjectStore } from '../object-store.ts';
import type { Task, TaskOutcome } from '../task.ts';
import { CHECKSUM, reportMessage } from '../unconfirmed.ts';
import { asAwsError } from './object-operation.ts';
import type { Operation } from './operation.ts';

/** Number of objects that are read at a time. */
const CONCURRENCY = 8;

/** Computes a checksum of the stored object and writes it to the report; does not change the object. */
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

/** Texts from S3's published report. */
const MESSAGES: Record<string, string> = {
  NoSuchKey: 'Key not found',
  InternalError: 'Internal server error, please retry',
};

/** The HTTP status is 200 as in S3's reports; the object's own error is in the message. */
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

/** Has the form of the ids in S3's reports, and is the same at every attempt. */
function checksumTaskId(jobId: string, { number }: Task): string {
  const digest = createHash('sha256').update(`${jobId}/${number}`).digest('hex');
  return digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
