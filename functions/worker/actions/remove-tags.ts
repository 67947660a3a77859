import { declareAction } from '../action.ts';
import * as schema from '../generated/remove-tags.mjs';
import { changeTags, type TagStore } from '../object-tags.ts';

/**
 * Takes the tags of the user argument `keys` away; the others stay. Result: JSON of `tags`, how many there are now. A
 * key that the object has not is no fault.
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
