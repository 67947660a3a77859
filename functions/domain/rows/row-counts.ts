import { hash } from 'node:crypto';
import { decodedKey } from '../report/report-rows.ts';
import type { ManifestLine } from './rows-manifest.ts';

/** Counts equal rows of a manifest and a report, in about 150 bytes for each different one, however long its key is. */
export interface RowCounts {
  add(row: ManifestLine): void;
  /** Whether the row was added more often than it was taken. */
  take(row: ManifestLine): boolean;
}

/** A longer text is replaced by its SHA-256, which has 32 characters. */
const MAX_MARK = 64;

/** Equal rows name the same object and, if the manifest has versions, the same version. */
export function createRowCounts(hasVersions: boolean): RowCounts {
  const counts = new Map<string, number>();
  const markOf = ({ bucket, key, versionId }: ManifestLine) => {
    const name = /[%+]/.test(key) ? decodedKey(key) : key;
    const text = `${bucket}/${name}${hasVersions ? `\0${versionId}` : ''}`;
    return text.length <= MAX_MARK ? text : hash('sha256', text, 'binary');
  };
  return {
    add(row) {
      const mark = markOf(row);
      counts.set(mark, (counts.get(mark) ?? 0) + 1);
    },
    take(row) {
      const mark = markOf(row);
      const count = counts.get(mark) ?? 0;
      if (count > 0) counts.set(mark, count - 1);
      return count > 0;
    },
  };
}
