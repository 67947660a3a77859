import { declareAction } from '../action.ts';
import type { ObjectVersion } from '../contract.ts';
import { ActionFailure } from '../failures.ts';
import type { SetMetadata } from '../generated/set-metadata.mjs';
import * as schema from '../generated/set-metadata.mjs';
import { type CopySizes, rethrowChanged } from '../object-copy.ts';

export const METADATA_COPY_SIZES: CopySizes = {
  wholeBytes: 5 * 1024 ** 3,
  partBytes: 128 * 1024 ** 2,
  partsInProgress: 32,
};

export interface Properties {
  headers: Readonly<Partial<Record<Exclude<keyof SetMetadata, 'metadata'>, string>>>;
  /** Names in lower case. */
  metadata: Readonly<Record<string, string>>;
}

export interface PropertyStore {
  /** Reads the current object. */
  read(
    object: ObjectVersion,
    signal: AbortSignal,
  ): Promise<{
    properties: Properties;
    versionId?: string;
    isLocked: boolean;
    /** Copies the object onto itself with other properties. Fails if another writer replaced it in the meantime. */
    replace(properties: Properties, signal: AbortSignal): Promise<void>;
  }>;
}

const without = (record: Readonly<Record<string, string | null>>, empty: string | null) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== empty)) as Record<string, string>;

const lowerCased = (metadata: Readonly<Record<string, string | null>>) =>
  Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]));

function changed(
  { headers, metadata }: Properties,
  { metadata: more = {}, ...given }: SetMetadata,
): Properties {
  return {
    headers: without({ ...headers, ...given }, ''),
    metadata: without({ ...metadata, ...lowerCased(more) }, null),
  };
}

const areEqual = (one: Properties, other: Properties) => {
  const text = ({ headers, metadata }: Properties) =>
    JSON.stringify([headers, metadata].map((record) => Object.entries(record).sort()));
  return text(one) === text(other);
};

/**
 * Changes headers and user metadata of the current object by a copy onto itself. Result: JSON of `changed`; false if the
 * object already had them, and nothing was written. An object that Object Lock protects stays unchanged.
 */
export const setMetadata = declareAction(
  { name: 'set-metadata', schema },
  (store: PropertyStore) =>
    async ({ versionId, ...current }, { arguments: given, signal }) => {
      const found = await store.read(current, signal);
      // A copy of an older version would make its bytes the current ones.
      if (versionId !== undefined && versionId !== (found.versionId ?? 'null'))
        throw new ActionFailure('PermanentFailure', 'only the current version can be changed');
      const wanted = changed(found.properties, given);
      if (areEqual(found.properties, wanted)) return JSON.stringify({ changed: false });
      if (found.isLocked)
        throw new ActionFailure('PermanentFailure', 'Object Lock protects it; nothing was changed');
      await found.replace(wanted, signal).catch(rethrowChanged);
      return JSON.stringify({ changed: true });
    },
);
