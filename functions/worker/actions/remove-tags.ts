import { declareAction } from '../action.ts';
import * as schema from '../generated/remove-tags.mjs';
import { changeTags, type TagStore } from '../object-tags.ts';

/**
 * Removes the tags with the keys in the user argument `keys`; the others stay. Result: JSON of `tags`, the new number of
 * tags. A key that the object does not have is not an error.
 */
export const removeTags = declareAction(
  { name: 'remove-tags', schema },
  (store: TagStore) =>
    async (object, { arguments: { keys }, signal }) => {
      const count = await changeTags(
        store,
        object,
        signal,
        (found) => new Map([...found].filter(([key]) => !keys.includes(key))),
      );
      return JSON.stringify({ tags: count });
    },
);
