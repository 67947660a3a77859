import type { JobOperation, OperationName } from '@aws-sdk/client-s3-control';
import type { ObjectStore } from '../object-store.ts';
import { computeObjectChecksum } from './compute-object-checksum.ts';
import { deleteObjectTagging } from './delete-object-tagging.ts';
import { initiateRestoreObject } from './initiate-restore-object.ts';
import { type LambdaInvokeTools, lambdaInvoke } from './lambda-invoke.ts';
import type { Operation } from './operation.ts';
import { putObjectAcl } from './put-object-acl.ts';
import { putObjectCopy } from './put-object-copy.ts';
import { putObjectLegalHold } from './put-object-legal-hold.ts';
import { putObjectRetention } from './put-object-retention.ts';
import { putObjectTagging } from './put-object-tagging.ts';
import { replicateObject } from './replicate-object.ts';
import { updateObjectEncryption } from './update-object-encryption.ts';

export interface OperationTools extends LambdaInvokeTools {
  objects: ObjectStore;
  jobId: string;
}

type OperationFactories = {
  [Name in OperationName]: (settings: NonNullable<JobOperation[Name]>, tools: OperationTools) => Operation;
};

const factories: OperationFactories = {
  LambdaInvoke: (settings, tools) => lambdaInvoke(tools.jobId, settings, tools),
  S3PutObjectCopy: (settings, { objects }) => putObjectCopy(objects, settings),
  S3PutObjectAcl: (settings, { objects }) => putObjectAcl(objects, settings),
  S3PutObjectTagging: (settings, { objects }) => putObjectTagging(objects, settings),
  S3DeleteObjectTagging: (_, { objects }) => deleteObjectTagging(objects),
  S3InitiateRestoreObject: (settings, { objects }) => initiateRestoreObject(objects, settings),
  S3PutObjectLegalHold: (settings, { objects }) => putObjectLegalHold(objects, settings),
  S3PutObjectRetention: (settings, { objects }) => putObjectRetention(objects, settings),
  S3ReplicateObject: (_, { objects }) => replicateObject(objects),
  S3ComputeObjectChecksum: (settings, { objects, jobId }) => computeObjectChecksum(jobId, settings, objects),
  S3UpdateObjectEncryption: (settings, { objects }) => updateObjectEncryption(objects, settings),
};

/** The name of the one member that is set. */
export function operationName(operation: JobOperation | undefined): OperationName {
  const names = Object.keys(operation ?? {}) as OperationName[];
  const name = names.find((each) => operation?.[each] !== undefined);
  if (!name) throw new Error('a job without an operation');
  return name;
}

export function createOperation(operation: JobOperation, tools: OperationTools): Operation {
  const name = operationName(operation);
  const factory = factories[name] as (settings: unknown, tools: OperationTools) => Operation;
  return factory(operation[name], tools);
}

/** Most objects of one job. */
export const maxTasks = (name: OperationName): number =>
  name === 'S3InitiateRestoreObject' || name === 'S3ComputeObjectChecksum' ? 4e9 : 20e9;
