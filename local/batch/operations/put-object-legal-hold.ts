import type { S3SetObjectLegalHoldOperation } from '@aws-sdk/client-s3-control';
import type { ObjectStore } from '../object-store.ts';
import { objectOperation } from './object-operation.ts';
import type { Operation } from './operation.ts';

export function putObjectLegalHold(
  objects: ObjectStore,
  { LegalHold }: S3SetObjectLegalHoldOperation,
): Operation {
  const status = LegalHold?.Status ?? 'OFF';
  return objectOperation((task) => objects.putObjectLegalHold(task, status));
}
