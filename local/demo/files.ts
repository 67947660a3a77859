import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** A file of this machine and the key of the object that it becomes. */
export interface SourceFile {
  path: string;
  key: string;
}

/** The regular files below the folder, sorted by key, at most `limit`. Throws when there is none. */
export async function collectFiles(folder: string, limit = Number.POSITIVE_INFINITY): Promise<SourceFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
    throw new Error(`--dir ${folder}: the folder does not exist or cannot be read`);
  });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => ({ path, key: `files/${relative(folder, path).split(sep).join('/')}` }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .slice(0, limit);
  if (files.length === 0) throw new Error(`--dir ${folder}: the folder has no files`);
  return files;
}

export async function totalBytes(files: readonly SourceFile[]): Promise<number> {
  let bytes = 0;
  for (const { path } of files) bytes += (await stat(path)).size;
  return bytes;
}
