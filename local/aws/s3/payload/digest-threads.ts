import { Worker } from 'node:worker_threads';
import { type ChecksumAlgorithm, createDigest } from './checksums.ts';
import type { DigestAnswer, DigestRequest } from './digest-thread.ts';

/** Bodies of this size and more are hashed in threads, so that they do not hold up other requests. */
export const LARGE_BODY_BYTES = 1024 * 1024;

/** A body is read ahead of its digests by at most this much. */
const MAX_PENDING_CHUNKS = 8;

/** A digest of a body that may be computed in another thread. */
export interface BodyDigest {
  /** Resolves when the next chunk is welcome. The chunk must not change afterwards. */
  update(chunk: Uint8Array): void | Promise<void>;
  digest(): Promise<Uint8Array>;
  /** Ends a digest that nobody needs. */
  drop(): void;
}

/** Starts a digest: in this thread for a small body, in another one for a large one. */
export const startBodyDigest = (algorithm: ChecksumAlgorithm, sizeBytes: number): BodyDigest =>
  sizeBytes < LARGE_BODY_BYTES ? inThisThread(algorithm) : threadFor(algorithm).start(algorithm);

function inThisThread(algorithm: ChecksumAlgorithm): BodyDigest {
  const digest = createDigest(algorithm);
  return {
    update: (chunk) => digest.update(chunk),
    digest: async () => digest.digest(),
    drop: () => {},
  };
}

interface DigestThread {
  start(algorithm: ChecksumAlgorithm): BodyDigest;
}

let threads: { md5: DigestThread; others: DigestThread } | undefined;

/** Every upload needs an MD5 and one other digest at the same time, so each of the two has a thread. */
function threadFor(algorithm: ChecksumAlgorithm): DigestThread {
  threads ??= { md5: startThread(), others: startThread() };
  return algorithm === 'MD5' ? threads.md5 : threads.others;
}

/** What waits for the answers to one digest. */
interface Pending {
  chunks: number;
  /** Called at the next answer. */
  proceed: (() => void) | undefined;
  end: ((bytes: Uint8Array) => void) | undefined;
}

function startThread(): DigestThread {
  const worker = new Worker(new URL('./digest-thread.ts', import.meta.url), { execArgv: [] });
  const pending = new Map<number, Pending>();
  let lastId = 0;
  const send = (request: DigestRequest) => worker.postMessage(request);
  worker.on('message', ({ id, bytes }: DigestAnswer) => {
    const digest = pending.get(id);
    if (!digest) return;
    if (bytes) digest.end?.(bytes);
    else digest.chunks--;
    digest.proceed?.();
  });
  // A thread does not keep the process alive; an upload does. A listener would undo an earlier `unref`.
  worker.unref();
  return {
    start(algorithm) {
      const id = ++lastId;
      const state: Pending = { chunks: 0, proceed: undefined, end: undefined };
      pending.set(id, state);
      send({ kind: 'start', id, algorithm });
      return {
        async update(chunk) {
          state.chunks++;
          send({ kind: 'update', id, chunk: toShared(chunk) });
          while (state.chunks >= MAX_PENDING_CHUNKS)
            await new Promise<void>((resolve) => {
              state.proceed = resolve;
            });
        },
        async digest() {
          const bytes = new Promise<Uint8Array>((resolve) => {
            state.end = resolve;
          });
          send({ kind: 'end', id });
          try {
            return await bytes;
          } finally {
            pending.delete(id);
          }
        },
        drop() {
          if (pending.delete(id)) send({ kind: 'drop', id });
        },
      };
    },
  };
}

/** The chunk in memory that threads share, so that it is sent without a copy. */
function toShared(chunk: Uint8Array): Uint8Array {
  if (chunk.buffer instanceof SharedArrayBuffer) return chunk;
  const shared = new Uint8Array(new SharedArrayBuffer(chunk.byteLength));
  shared.set(chunk);
  return shared;
}

/** Memory of one gathered body: more chunks than its digests and its file can be behind. */
const RING_CHUNKS = MAX_PENDING_CHUNKS + 4;

/**
 * Joins the chunks of a body to large ones in memory that threads share: fewer messages, fewer writes. The memory of a
 * chunk is used again, so a consumer may keep a chunk only until it has asked for `MAX_PENDING_CHUNKS` more.
 */
export async function* gatherChunks(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const ring: Buffer[] = [];
  let index = 0;
  let size = 0;
  const current = () => (ring[index] ??= Buffer.from(new SharedArrayBuffer(LARGE_BODY_BYTES)));
  for await (const chunk of body)
    for (let at = 0; at < chunk.byteLength; ) {
      const piece = chunk.subarray(at, at + LARGE_BODY_BYTES - size);
      current().set(piece, size);
      size += piece.byteLength;
      at += piece.byteLength;
      if (size < LARGE_BODY_BYTES) continue;
      yield current();
      index = (index + 1) % RING_CHUNKS;
      size = 0;
    }
  if (size > 0) yield current().subarray(0, size);
}
