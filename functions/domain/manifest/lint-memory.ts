import type { Finding } from '../../core/generated/dry-run.mjs';
import { type FindingCode, finding } from '../checks/findings.ts';

/** What is kept, so that memory does not grow with the manifest. */
const MAX_LINES = 10;
const MAX_ROWS_COMPARED = 100_000;

/** Counts what is found, and keeps the first lines of each kind: of one file, the first that has it. */
export function createNotes() {
  const notes = new Map<FindingCode, { count: number; lines: number[]; file: string | undefined }>();
  let file: string | undefined;
  return {
    begin(name: string): void {
      file = name;
    },
    note(code: FindingCode, line?: number): void {
      const noted = notes.get(code) ?? { count: 0, lines: [], file };
      noted.count++;
      if (line !== undefined && noted.file === file && noted.lines.length < MAX_LINES) noted.lines.push(line);
      notes.set(code, noted);
    },
    findings: (): Finding[] =>
      [...notes].map(([code, { count, lines, file: named }]) =>
        finding(code, {
          ...(lines.length > 0 && { count, lines }),
          ...(named !== undefined && { file: named }),
        }),
      ),
  };
}

/** Tells whether an object was there before, among the first different ones. */
export function createRepeats(): (object: string) => boolean {
  const known = new Set<number>();
  return (object) => {
    if (known.size === MAX_ROWS_COMPARED) return false; // a hash costs more than all else that is done with a row
    const before = known.size;
    known.add(hashOf(object));
    return known.size === before;
  };
}

/** 53 bits of a text: two different ones of 100,000 share them in one of a million manifests. */
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
