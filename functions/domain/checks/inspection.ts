import type { Finding, ObjectCount } from '../../core/generated/dry-run.mjs';
import type { LintResult } from '../manifest/lint.ts';

/** The result of reading a manifest. */
export interface Inspection extends LintResult {
  isComplete: boolean;
  /** The share of the bytes that was read, 0 to 1. */
  share: number;
}

export const nothingInspected = (findings: Finding[] = []): Inspection => ({
  rows: 0,
  firstRows: [],
  buckets: [],
  findings,
  isComplete: false,
  share: 0,
});

export const objectCountOf = ({ rows, isComplete, share }: Inspection): ObjectCount => ({
  count: rows,
  isExact: isComplete,
  likely: isComplete || share === 0 ? rows : Math.max(rows, Math.round(rows / share)),
});
