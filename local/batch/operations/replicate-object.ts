import type { ObjectStore } from '../object-store.ts';
import type { TaskOutcome } from '../task.ts';
import { replicationStatus } from '../unconfirmed.ts';
import { MISSING_VERSION, objectOperation, toFailure } from './object-operation.ts';
import type { Operation } from './operation.ts';

/** Replicates versions by the configuration of their bucket; a task without a version fails. */
export function replicateObject(objects: ObjectStore): Operation {
  const replicate = objectOperation(
    ({ bucket, key, versionId = '' }) => objects.replicateObject({ bucket, key, versionId }),
    toReplicationFailure,
  );
  return {
    ...replicate,
    run: (task) => (task.versionId === undefined ? MISSING_VERSION : replicate.run(task)),
  };
}

function toReplicationFailure(error: unknown): TaskOutcome {
  const failure = toFailure(error);
  return { ...failure, httpStatus: replicationStatus(failure.errorCode) ?? failure.httpStatus };
}
