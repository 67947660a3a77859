import { declareAction } from '../action.ts';
import * as schema from '../generated/merge-tags.mjs';
import { changeTags, type TagStore } from '../object-tags.ts';

/**
 * Adds the user argument `tags` to the tags of the object; a tag with the same key gets the new value. Result: JSON of
 * `tags`, the new number of tags. More than ten tags are a permanent failure, and nothing changes.
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
