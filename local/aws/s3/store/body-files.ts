import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rm,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** Storage for bodies that are too large for the database. */
export interface BodyFiles {
  create(name: string): Promise<BodyFile>;
  /** `length` bytes, starting at the offset `from`. */
  read(name: string, from: number, length: number): AsyncIterable<Uint8Array>;
  remove(name: string): void;
  names(): string[];
  /** For messages. */
  folder: string;
  /** Id of the database that the files belong to; undefined before it is set. */
  owner(): string | undefined;
  setOwner(id: string): void;
}

export interface BodyFile {
  append(chunk: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Has the id of the database. No body has this name. */
const OWNER_FILE = 'database-id';

/** Files up to this size are removed at once, larger ones in the background. */
const SYNC_REMOVAL_BYTES = 8 * 1024 * 1024;

const READ_CHUNK_BYTES = 1024 * 1024;

/** Files in a folder, or in memory without a folder. */
export const createBodyFiles = (dir: string | undefined): BodyFiles =>
  dir ? filesOnDisk(dir) : filesInMemory();

function filesOnDisk(dir: string): BodyFiles {
  mkdirSync(dir, { recursive: true });
  return {
    async create(name) {
      const file = await open(join(dir, name), 'wx');
      return {
        async append(chunk) {
          for (let at = 0; at < chunk.byteLength; ) at += (await file.write(chunk, at)).bytesWritten;
        },
        close: () => file.close(),
      };
    },
    read: (name, from, length) =>
      createReadStream(join(dir, name), {
        start: from,
        end: from + length - 1,
        highWaterMark: READ_CHUNK_BYTES,
      }),
    remove(name) {
      const file = join(dir, name);
      const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      // It takes long to free the blocks of a large file. One that stays is removed at the next start.
      if (size > SYNC_REMOVAL_BYTES) rm(file, { force: true }, () => {});
      else rmSync(file, { force: true });
    },
    names: () => readdirSync(dir).filter((name) => name !== OWNER_FILE),
    folder: dir,
    owner() {
      const file = join(dir, OWNER_FILE);
      return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    },
    setOwner: (id) => writeFileSync(join(dir, OWNER_FILE), id),
  };
}

function filesInMemory(): BodyFiles {
  const files = new Map<string, Uint8Array[]>();
  return {
    async create(name) {
      const chunks: Uint8Array[] = [];
      files.set(name, chunks);
      return {
        append: async (chunk) => {
          chunks.push(Uint8Array.from(chunk));
        },
        close: async () => {},
      };
    },
    async *read(name, from, length) {
      let skip = from;
      let left = length;
      for (const chunk of files.get(name) ?? []) {
        if (left === 0) return;
        const piece = chunk.subarray(skip, skip + left);
        skip = Math.max(0, skip - chunk.byteLength);
        left -= piece.byteLength;
        for (let at = 0; at < piece.byteLength; at += READ_CHUNK_BYTES)
          yield piece.subarray(at, at + READ_CHUNK_BYTES);
      }
    },
    remove: (name) => {
      files.delete(name);
    },
    names: () => [...files.keys()],
    folder: 'memory',
    owner: () => undefined,
    setOwner() {},
  };
}
