import type { S3SetObjectRetentionOperation } from '@aws-sdk/client-s3-control';
import type { ObjectRetention } from '../object-actions.ts';
import type { ObjectStore } from '../object-store.ts';
import { objectOperation } from './object-operation.ts';
import type { Operation } from './operation.ts';

/** Sets mode and date of a retention. Without both it removes the retention. */
export function putObjectRetention(
  objects: ObjectStore,
  { Retention, BypassGovernanceRetention }: S3SetObjectRetentionOperation,
): Operation {
  const { Mode, RetainUntilDate } = Retention ?? {};
  const retention: ObjectRetention = { Retention: { Mode, RetainUntilDate }, BypassGovernanceRetention };
  return objectOperation((task) => objects.putObjectRetention(task, retention));
}
