import { createHash } from 'node:crypto';

const SEQUENCE_LENGTH = 12;
const RANDOM_LENGTH = 8;
const CHECK_LENGTH = 12;

/**
 * A version id: the sequence number of the write, random digits, and a check value of both and the key. So the id of a
 * deleted version still shows when it was created, and for which key.
 */
export function createVersionId(key: string, sequence: number, randomHex: string): string {
  const start = sequence.toString(16).padStart(SEQUENCE_LENGTH, '0') + randomHex.slice(0, RANDOM_LENGTH);
  return start + checkOf(key, start);
}

/** Whether the id was created for a version of this key, which may be deleted by now. */
export function wasIssued(key: string, versionId: string): boolean {
  const start = versionId.slice(0, -CHECK_LENGTH);
  return versionId === start + checkOf(key, start);
}

/** The sequence number of the write that created a version; undefined for the id `null`. */
export function sequenceOf(versionId: string): number | undefined {
  const sequence = Number.parseInt(versionId.slice(0, SEQUENCE_LENGTH), 16);
  return Number.isNaN(sequence) ? undefined : sequence;
}

const checkOf = (key: string, start: string) =>
  createHash('sha1').update(start).update(key).digest('hex').slice(0, CHECK_LENGTH);
