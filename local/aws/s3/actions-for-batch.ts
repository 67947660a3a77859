import type { Completion, ObjectActions } from '../../batch/object-actions.ts';
import type { ObjectTarget } from '../../batch/object-target.ts';
import type { ActionContext } from '../protocol/action.ts';
import { putObjectAcl } from './acl/acl-actions.ts';
import type { S3Core } from './core.ts';
import { putObjectLegalHold } from './locks/legal-hold.ts';
import { getObjectLockConfiguration } from './locks/object-lock-configuration.ts';
import { putObjectRetention } from './locks/retention.ts';
import { computeObjectChecksum } from './objects/compute-checksum.ts';
import { computeDigests, knownDigests } from './objects/copy-digests.ts';
import { commitCopy, type PreparedCopy, prepareCopy } from './objects/copy-version.ts';
import { restoreObject } from './objects/restore-object.ts';
import { updateObjectEncryption } from './objects/update-object-encryption.ts';
import { replicateOnDemand } from './replication/replicate-on-demand.ts';
import { segmentsOf } from './store/version.ts';

/**
 * The actions that the batch engine performs on objects. They call the actions of the HTTP API. All are synchronous
 * except checksums, and copies whose bytes must be read.
 */
export function createActionsForBatch(s3: S3Core): ObjectActions {
  const putAcl = withoutWire(putObjectAcl(s3));
  const restore = withoutWire(restoreObject(s3));
  const putLegalHold = withoutWire(putObjectLegalHold(s3));
  const putRetention = withoutWire(putObjectRetention(s3));
  const updateEncryption = withoutWire(updateObjectEncryption(s3));
  const getObjectLock = withoutWire(getObjectLockConfiguration(s3));

  return {
    putObjectAcl: (target, acl) => putAcl({ ...targetInput(target), ...acl }),
    restoreObject: (target, request) => restore({ ...targetInput(target), ...request }),
    putObjectLegalHold: (target, Status) => putLegalHold({ ...targetInput(target), LegalHold: { Status } }),
    putObjectRetention: (target, retention) => putRetention({ ...targetInput(target), ...retention }),
    updateObjectEncryption: (target, encryption) =>
      updateEncryption({ ...targetInput(target), ...encryption }),
    replicateObject: (target) => replicateOnDemand(s3, target),
    checkObjectLock: (bucket) => getObjectLock({ Bucket: bucket }),
    computeChecksum: (target, request) =>
      s3.clock.busy(() => computeObjectChecksum(s3, targetInput(target), request)),

    copyObject(source, input) {
      const copy = prepareCopy(
        s3,
        { ...input, CopySource: copySourceOf(source) },
        {},
        input.Expires?.toUTCString(),
      );
      const known = knownDigests(copy.source, copy.algorithm);
      if (!known) return s3.clock.busy(() => copyLater(s3, copy));
      commitCopy(s3, copy, known);
      return undefined;
    },
  };
}

const targetInput = ({ bucket, key, versionId }: ObjectTarget) => ({
  Bucket: bucket,
  Key: key,
  VersionId: versionId,
});

const copySourceOf = ({ bucket, key, versionId }: ObjectTarget): string =>
  `${bucket}/${encodeURIComponent(key)}${versionId === undefined ? '' : `?versionId=${versionId}`}`;

/** Reads the source. The caller commits the copy in the transaction that records the outcome of the task. */
async function copyLater(s3: S3Core, copy: PreparedCopy): Promise<Completion> {
  const unpin = s3.bodies.pin(segmentsOf(copy.source));
  try {
    const digests = await computeDigests(s3, copy.source, copy.algorithm);
    return () => {
      try {
        commitCopy(s3, copy, digests);
      } finally {
        unpin();
      }
    };
  } catch (error) {
    unpin();
    throw error;
  }
}

/** Calls an action of the HTTP API and drops its output. */
const withoutWire =
  <Input>(action: (input: Input, context: ActionContext) => unknown) =>
  (input: Input): void | Promise<void> => {
    const request = { method: 'PUT', path: '/', query: '', headers: {}, body: nothing() };
    const answer = action(input, { request, requestId: '', principal: '', response: { headers: {} } });
    if (answer instanceof Promise) return answer.then(() => {});
  };

async function* nothing(): AsyncIterable<Uint8Array> {}
