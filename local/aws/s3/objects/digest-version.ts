import { turn } from '../../../core/clock.ts';
import type { S3Core } from '../core.ts';
import { type ChecksumAlgorithm, createDigest } from '../payload/checksums.ts';
import type { ByteRange } from '../rules/range.ts';
import { type ObjectVersion, segmentsOf } from '../store/version.ts';

/** Computes checksums of a version, or of a range of it, in one pass. The order is that of the algorithms. */
export async function digestVersion(
  { bodies }: S3Core,
  version: ObjectVersion,
  algorithms: readonly ChecksumAlgorithm[],
  { from, to }: ByteRange = { from: 0, to: version.size },
): Promise<Uint8Array[]> {
  const digests = algorithms.map(createDigest);
  for await (const chunk of bodies.read(segmentsOf(version), from, to))
    await inSlice(() => {
      for (const digest of digests) digest.update(chunk);
    });
  return Promise.all(digests.map((digest) => digest.digest()));
}

/** All running digests share slices of this length. Between two slices, other work gets the event loop. */
const SLICE_MS = 3;

// Module state, because all digests share the event loop.
let sliceStartMs = 0;
let nextSlice: Promise<void> | undefined;

async function inSlice(work: () => void): Promise<void> {
  while (performance.now() - sliceStartMs >= SLICE_MS) {
    nextSlice ??= turn().then(() => {
      sliceStartMs = performance.now();
      nextSlice = undefined;
    });
    await nextSlice;
  }
  work();
}
