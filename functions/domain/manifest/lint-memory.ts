import type { Finding } from '../../core/generated/dry-run.mjs';
import { type FindingCode, finding } from '../checks/findings.ts';
import type { Advice } from './column-advice.ts';

/** Limits, so that memory does not grow with the manifest. */
const MAX_LINES = 10;
const MAX_ROWS_COMPARED = 100_000;

/** Counts the findings, and keeps the first lines of each kind, from the first file that has it. */
export function createNotes() {
  const notes = new Map<
    FindingCode,
    { count: number; lines: number[]; file: string | undefined; advice: Advice | undefined }
  >();
  let file: string | undefined;
  return {
    begin(name: string): void {
      file = name;
    },
    /** Calls `advise` only for the first row of a kind. */
    note(code: FindingCode, line?: number, advise?: () => Advice | undefined): void {
      const noted = notes.get(code) ?? { count: 0, lines: [], file, advice: advise?.() };
      noted.count++;
      if (line !== undefined && noted.file === file && noted.lines.length < MAX_LINES) noted.lines.push(line);
      notes.set(code, noted);
    },
    findings: (): Finding[] =>
      [...notes].map(([code, { count, lines, file: named, advice }]) =>
        finding(code, {
          ...advice,
          ...(lines.length > 0 && { count, lines }),
          ...(named !== undefined && { file: named }),
        }),
      ),
  };
}

/** Whether an object repeats one of the first 100,000 different objects. */
export function createRepeats(): (object: string) => boolean {
  const known = new Set<number>();
  return (object) => {
    if (known.size === MAX_ROWS_COMPARED) return false; // hashing is the slowest step for a row
    const before = known.size;
    known.add(hashOf(object));
    return known.size === before;
  };
}

/** A 53-bit hash. Among 100,000 different texts, two have the same hash in one of a million manifests. */
function hashOf(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
