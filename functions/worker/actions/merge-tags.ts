import { declareAction } from '../action.ts';
import * as schema from '../generated/merge-tags.mjs';
import { changeTags, type TagStore } from '../object-tags.ts';

/**
 * Adds the user argument `tags` to the tags that the object has; a tag of the same key gets the new value. Result: JSON
 * of `tags`, how many there are now. More than the ten that S3 takes is permanent, and changes nothing.
 */
export const mergeTags = declareAction(
  { name: 'merge-tags', schema },
  (store: TagStore) =>
    async (object, { arguments: { tags }, signal }) => {
      const count = await changeTags(
        store,
        object,
        signal,
        (found) => new Map([...found, ...Object.entries(tags)]),
      );
      return JSON.stringify({ tags: count });
    },
);
