import type { BodyFile, BodyFiles } from './body-files.ts';

/** Up to here a body lives in the database, above in a file. */
const INLINE_BYTES = 64 * 1024;

/** A body that has arrived whole and belongs to nobody yet. */
export interface StagedBody {
  size: number;
  content: { bytes: Uint8Array } | { file: string };
}

/**
 * Takes in a body of any size with bounded memory: a small one stays there, a larger one goes to a file aside, which
 * is gone again when the body breaks off. `observe` sees every chunk.
 */
export async function receiveBody(
  body: AsyncIterable<Uint8Array>,
  files: BodyFiles,
  newName: () => string,
  observe?: (chunk: Uint8Array) => void,
): Promise<StagedBody> {
  const head: Uint8Array[] = [];
  let size = 0;
  let name: string | undefined;
  let file: BodyFile | undefined;
  try {
    for await (const chunk of body) {
      observe?.(chunk);
      size += chunk.byteLength;
      if (file) await file.append(chunk);
      else head.push(chunk);
      if (!file && size > INLINE_BYTES) {
        name = newName();
        file = await files.create(name);
        for (const early of head) await file.append(early);
      }
    }
    await file?.close();
  } catch (error) {
    await file?.close().catch(() => {});
    if (name !== undefined) files.remove(name);
    throw error;
  }
  return { size, content: name === undefined ? { bytes: Buffer.concat(head, size) } : { file: name } };
}
