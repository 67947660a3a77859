import { declareAction } from '../action.ts';
import type { ObjectVersion } from '../contract.ts';
import { ActionFailure, isNamed } from '../failures.ts';
import * as schema from '../generated/delete-object.mjs';

/** The object or version to delete; a delete marker only if the named version is one. */
export type Deletable =
  | { isMarker: true }
  | { isMarker: false; etag: string; bytes: number; versionId?: string; isLocked: boolean };

export interface Deletion {
  /** Undefined if the bucket has no such object or version. */
  find(object: ObjectVersion, signal: AbortSignal): Promise<Deletable | undefined>;
  /** Deletes as the versioning of the bucket defines; with an ETag, only if the current version still has it. */
  remove(object: ObjectVersion, etag: string | undefined, signal: AbortSignal): Promise<void>;
}

const refuse = (why: string) => new ActionFailure('PermanentFailure', `${why}; nothing was deleted`);

function checkGuards(found: Deletable, etag: string | undefined): void {
  if (found.isMarker && etag !== undefined) throw refuse('a delete marker has no ETag');
  if (found.isMarker) return;
  if (found.isLocked) throw refuse('Object Lock protects it');
  if (etag !== undefined && etag.replaceAll('"', '') !== found.etag)
    throw refuse(`its ETag is ${found.etag}`);
}

/** The effect of the deletion: without a named version, a bucket with versioning adds a delete marker. */
function effectOn(found: Deletable, { versionId }: ObjectVersion): string {
  if (found.isMarker) return 'unmarked';
  return versionId === undefined && found.versionId !== undefined ? 'marked' : 'deleted';
}

/**
 * Deletes the named version, or the current object if its ETag has not changed since it was read. Result: JSON of `done`
 * (`deleted`, `marked`, `unmarked`, or `nothing` if there is no such object) and of the object's ETag, size and version; in
 * mode `report-only`, `would` instead of `done`. A failed guard is a permanent failure.
 */
export const deleteObject = declareAction(
  { name: 'delete-object', schema, isOffByDefault: true },
  (deletion: Deletion) =>
    async (object, { arguments: { mode, etag }, signal }) => {
      const word = mode === 'report-only' ? 'would' : 'done';
      const nothing = JSON.stringify({ [word]: 'nothing' });
      const found = await deletion.find(object, signal);
      if (!found) return nothing;
      checkGuards(found, etag);
      const result = found.isMarker
        ? {}
        : { etag: found.etag, bytes: found.bytes, versionId: found.versionId };
      if (mode !== 'report-only')
        try {
          // A named version never changes, the current object can.
          const guard = found.isMarker || object.versionId !== undefined ? undefined : found.etag;
          await deletion.remove(object, guard, signal);
        } catch (error) {
          if (isNamed(error, 'NoSuchKey')) return nothing;
          if (!isNamed(error, 'PreconditionFailed')) throw error;
          // The SDK's second try gets this answer if the answer to the first, successful try was lost.
          if (!(await deletion.find(object, signal))) return nothing;
          throw refuse('it was replaced in the meantime');
        }
      return JSON.stringify({ [word]: effectOn(found, object), ...result });
    },
);
