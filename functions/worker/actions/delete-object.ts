import { declareAction } from '../action.ts';
import type { ObjectVersion } from '../contract.ts';
import { ActionFailure, isNamed } from '../failures.ts';
import * as schema from '../generated/delete-object.mjs';

/** What there is to delete; a delete marker is found only where the version that is named is one. */
export type Deletable =
  | { isMarker: true }
  | { isMarker: false; etag: string; bytes: number; versionId?: string; isLocked: boolean };

export interface Deletion {
  /** Undefined when the bucket has no such object, or no such version of it. */
  find(object: ObjectVersion, signal: AbortSignal): Promise<Deletable | undefined>;
  /** Deletes as the versioning of the bucket has it; with an ETag only while the current version has it. */
  remove(object: ObjectVersion, etag: string | undefined, signal: AbortSignal): Promise<void>;
}

const refuse = (why: string) => new ActionFailure('PermanentFailure', `${why}; nothing was deleted`);

function checkGuards(found: Deletable, etag: string | undefined): void {
  if (found.isMarker && etag !== undefined) throw refuse('a delete marker has no ETag');
  if (found.isMarker) return;
  if (found.isLocked) throw refuse('Object Lock holds it');
  if (etag !== undefined && etag.replaceAll('"', '') !== found.etag)
    throw refuse(`its ETag is ${found.etag}`);
}

/** What deleting comes to: without a version that is named, a bucket that has versions puts a marker on top. */
function effectOn(found: Deletable, { versionId }: ObjectVersion): string {
  if (found.isMarker) return 'unmarked';
  return versionId === undefined && found.versionId !== undefined ? 'marked' : 'deleted';
}

/**
 * Deletes the version that is named, or else the object as it was found: only while its ETag is still the same. Result:
 * JSON of `done` (`deleted`, `marked`, `unmarked`, or `nothing` for what is not there) and of what it was; in mode
 * `report-only` `would` in its place. A guard that does not hold is permanent.
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
          // A version never changes; the current one does.
          const guard = found.isMarker || object.versionId !== undefined ? undefined : found.etag;
          await deletion.remove(object, guard, signal);
        } catch (error) {
          if (isNamed(error, 'NoSuchKey')) return nothing;
          if (!isNamed(error, 'PreconditionFailed')) throw error;
          // S3 may say so to the SDK's second try, when the answer to the first was lost.
          if (!(await deletion.find(object, signal))) return nothing;
          throw refuse('it was replaced in the meantime');
        }
      return JSON.stringify({ [word]: effectOn(found, object), ...result });
    },
);
