/** A thread that computes digests. See `digest-threads.ts`. */
import { parentPort } from 'node:worker_threads';
import { type ChecksumAlgorithm, createDigest, type Digest } from './checksums.ts';

export type DigestRequest =
  | { kind: 'start'; id: number; algorithm: ChecksumAlgorithm }
  | { kind: 'update'; id: number; chunk: Uint8Array }
  | { kind: 'end'; id: number }
  | { kind: 'drop'; id: number };

/** Each update and each end gets one answer. */
export interface DigestAnswer {
  id: number;
  /** The digest, after an end. */
  bytes?: Uint8Array;
}

const digests = new Map<number, Digest>();
const answer = (message: DigestAnswer) => parentPort?.postMessage(message);

parentPort?.on('message', async (request: DigestRequest) => {
  const { kind, id } = request;
  if (kind === 'start') digests.set(id, createDigest(request.algorithm));
  const digest = digests.get(id);
  if (kind === 'update') {
    digest?.update(request.chunk);
    answer({ id });
  }
  if (kind === 'end' || kind === 'drop') digests.delete(id);
  if (kind === 'end' && digest) answer({ id, bytes: await digest.digest() });
});
