import type { BodyFile, BodyFiles } from './body-files.ts';

/** Bodies up to this size are stored in the database, larger ones in files. */
const INLINE_BYTES = 64 * 1024;

/** A body that was received completely and is not yet part of a version. */
export interface StagedBody {
  size: number;
  content: { bytes: Uint8Array } | { file: string };
}

/**
 * Receives a body of any size with bounded memory. A small body stays in memory, a larger one is written to a file,
 * which is deleted if the body fails. `observe` is called with every chunk.
 */
export async function receiveBody(
  body: AsyncIterable<Uint8Array>,
  files: BodyFiles,
  newName: () => string,
  observe?: (chunk: Uint8Array) => void | Promise<void>,
): Promise<StagedBody> {
  const head: Uint8Array[] = [];
  let size = 0;
  let name: string | undefined;
  let file: BodyFile | undefined;
  let write = Promise.resolve();
  try {
    for await (const chunk of body) {
      await observe?.(chunk);
      size += chunk.byteLength;
      if (file) {
        // The next chunk arrives while this one is written.
        await write;
        write = file.append(chunk);
        write.catch(() => {}); // It is awaited later, and throws there.
      } else head.push(chunk);
      if (!file && size > INLINE_BYTES) {
        name = newName();
        file = await files.create(name);
        for (const early of head) await file.append(early);
      }
    }
    await write;
    await file?.close();
  } catch (error) {
    await write.catch(() => {});
    await file?.close().catch(() => {});
    if (name !== undefined) files.remove(name);
    throw error;
  }
  return { size, content: name === undefined ? { bytes: Buffer.concat(head, size) } : { file: name } };
}
