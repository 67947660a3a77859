import type { JobOperation, OperationName } from '@aws-sdk/client-s3-control';
import type { ObjectStore } from '../object-store.ts';
import { deleteObjectTagging } from './delete-object-tagging.ts';
import { type LambdaInvokeTools, lambdaInvoke } from './lambda-invoke.ts';
import type { Operation } from './operation.ts';
import { putObjectTagging } from './put-object-tagging.ts';

export interface OperationTools extends LambdaInvokeTools {
  objects: ObjectStore;
  jobId: string;
}

type OperationFactories = {
  [Name in OperationName]?: (settings: NonNullable<JobOperation[Name]>, tools: OperationTools) => Operation;
};

const factories: OperationFactories = {
  LambdaInvoke: (settings, tools) => lambdaInvoke(tools.jobId, settings, tools),
  S3PutObjectTagging: (settings, { objects }) => putObjectTagging(objects, settings),
  S3DeleteObjectTagging: (_, { objects }) => deleteObjectTagging(objects),
};

/** The name of the one member that is set. */
export function operationName(operation: JobOperation | undefined): OperationName {
  const names = Object.keys(operation ?? {}) as OperationName[];
  const name = names.find((each) => operation?.[each] !== undefined);
  if (!name) throw new Error('a job without an operation');
  return name;
}

export const isImplemented = (name: OperationName): boolean => name in factories;

export function createOperation(operation: JobOperation, tools: OperationTools): Operation {
  const name = operationName(operation);
  const factory = factories[name] as ((settings: unknown, tools: OperationTools) => Operation) | undefined;
  if (!factory) throw new Error(`${name} is not implemented`);
  return factory(operation[name], tools);
}

/** Most objects of one job. */
export const maxTasks = (name: OperationName): number =>
  name === 'S3InitiateRestoreObject' || name === 'S3ComputeObjectChecksum' ? 4e9 : 20e9;
