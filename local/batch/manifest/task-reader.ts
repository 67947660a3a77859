import type { Task } from '../task.ts';
import { FORMAT_FAULT, KEY_FAULT, VERSION_FAULT } from '../unconfirmed.ts';
import type { Columns } from './columns.ts';
import { decodeFormText } from './form-text.ts';
import type { ManifestPosition } from './manifest.ts';
import { invalidContent } from './manifest-fault.ts';

/** Longest key field as written, URL-encoded. */
const MAX_RAW_KEY = 1024;
const MAX_VERSION_ID = 1024;

export interface TaskReader {
  /** The task that the fields of a row (one character a byte) describe; `end` is the offset after it. */
  toTask(fields: readonly string[], end: number, isAscii: boolean): Task;
  /** Number of the next task. */
  next(): number;
}

export function createTaskReader(columns: Columns, { task, file }: ManifestPosition): TaskReader {
  let number = task;
  let bucket = '';

  return {
    next: () => number,
    toTask(row, end, isAscii) {
      const fields = isAscii ? row : row.map(toUtf8);
      const name = fields[columns.bucket] ?? '';
      if (name !== bucket) bucket = name; // rows of one bucket share one string
      const rawKey = fields[columns.key] ?? '';
      const key = decodedKey(rawKey);
      if (columns.versionId < 0) return { number: number++, bucket, key, rawKey, file, end };
      const versionId = checkedVersionId(fields[columns.versionId] ?? '');
      return { number: number++, bucket, key, rawKey, file, end, versionId };
    },
  };
}

function decodedKey(rawKey: string): string {
  const key = rawKey.length > MAX_RAW_KEY ? undefined : decodeFormText(rawKey);
  if (!key) throw invalidContent(KEY_FAULT);
  return key;
}

function checkedVersionId(versionId: string): string {
  if (versionId.length > MAX_VERSION_ID || /\s/.test(versionId)) throw invalidContent(VERSION_FAULT);
  return versionId;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function toUtf8(latin1: string): string {
  try {
    return utf8.decode(Buffer.from(latin1, 'latin1'));
  } catch {
    throw invalidContent(FORMAT_FAULT);
  }
}
