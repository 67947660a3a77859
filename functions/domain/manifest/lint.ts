import type { Finding, ManifestRow } from '../../core/generated/dry-run.mjs';
import type { FindingCode } from '../checks/findings.ts';
import { columnAdvice, JSON_ADVICE } from './column-advice.ts';
import { bucketCellFindings, isHeader, isShowable, readKey, versionFindings } from './lint-cells.ts';
import { createNotes, createRepeats } from './lint-memory.ts';
import { createRowCutter, type RawRow } from './lint-rows.ts';

const MAX_FIRST_ROWS = 50;
const MAX_BUCKETS = 20;
const MAX_BUCKET_NAME = 255;

const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';
const NOT_ASCII = /[\u0080-\u00ff]/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface LintResult {
  rows: number;
  /** As S3 reads them. */
  firstRows: ManifestRow[];
  /** The first buckets that the rows name. */
  buckets: string[];
  findings: Finding[];
}

/** Checks the rows of a manifest, read in pieces of any size: text in which one character is one byte. */
export interface Lint {
  /** Begins another file of an inventory; findings name it. */
  begin(file: string): void;
  /** False after a fault that hides where the next row starts. */
  read(piece: string): boolean;
  /** Ends a file. Returns false in the same cases as `read`. */
  end(): boolean;
  note(code: FindingCode): void;
  rows(): number;
  result(): LintResult;
}

/** `columns` as in Manifest.Spec.Fields. A manifest made by this service has no header. */
export function createLint(
  columns: readonly string[],
  isAllowed: (bucket: string) => boolean,
  mayHaveHeader = true,
): Lint {
  const notes = createNotes();
  const cells = createCellLint(columns, isAllowed, notes.note);
  let cutter = createRowCutter();
  /** The start of a file until it is long enough for a byte order mark; undefined after that. */
  let start: string | undefined = '';
  let isBroken = false;
  let isJson = false;
  let rows = 0;

  function withoutMark(piece: string, isEnd: boolean): string {
    if (start === undefined) return piece;
    start += piece;
    if (start.length < BYTE_ORDER_MARK.length && !isEnd) return '';
    const hasMark = start.startsWith(BYTE_ORDER_MARK);
    if (hasMark) notes.note('byte-order-mark', 1);
    const text = hasMark ? start.slice(BYTE_ORDER_MARK.length) : start;
    start = undefined;
    isJson = mayHaveHeader && /^\s*[{[]/.test(text);
    return text;
  }

  function adviceOf(code: FindingCode, fields: readonly string[]) {
    if (isJson && (code === 'columns' || code === 'broken-quotes')) return JSON_ADVICE;
    return code === 'columns' ? columnAdvice(fields, columns, mayHaveHeader) : undefined;
  }

  function cut(piece: string, isEnd: boolean): boolean {
    if (isBroken) return false;
    const { rows: complete, fault, line: lastLine } = cutter.cut(withoutMark(piece, isEnd), isEnd);
    for (const row of complete) {
      rows++;
      const fields = fieldsOf(row, columns, mayHaveHeader && rows === 1);
      if (typeof fields === 'string') notes.note(fields, row.line, () => adviceOf(fields, row.fields));
      else cells.check(fields, row.line);
    }
    if (fault) notes.note(fault, lastLine, () => adviceOf(fault, []));
    isBroken = fault !== undefined;
    return !isBroken;
  }

  return {
    begin(file) {
      notes.begin(file);
      cutter = createRowCutter();
      start = '';
    },
    read: (piece) => cut(piece, false),
    end: () => cut('', true),
    note: notes.note,
    rows: () => rows,
    result: () => ({ rows, ...cells.result(), findings: notes.findings() }),
  };
}

/** The cells of a row, or the finding for the whole row. */
function fieldsOf(
  { fields }: RawRow,
  columns: readonly string[],
  mayBeHeader: boolean,
): string[] | FindingCode {
  if (fields.length === 1 && fields[0] === '') return 'blank-line';
  if (fields.length !== columns.length) return 'columns';
  const decoded = decodedFields(fields);
  if (!decoded) return 'not-utf8';
  return mayBeHeader && isHeader(decoded, columns) ? 'header-row' : decoded;
}

function decodedFields(fields: string[]): string[] | undefined {
  if (!fields.some((field) => NOT_ASCII.test(field))) return fields;
  try {
    return fields.map((field) => utf8.decode(Buffer.from(field, 'latin1')));
  } catch {
    return undefined;
  }
}

/** Checks the cells of rows. */
function createCellLint(
  columns: readonly string[],
  isAllowed: (bucket: string) => boolean,
  note: (code: FindingCode, line: number) => void,
) {
  const at = {
    bucket: columns.indexOf('Bucket'),
    key: columns.indexOf('Key'),
    versionId: columns.indexOf('VersionId'),
  };
  const firstRows: ManifestRow[] = [];
  /** Findings by bucket name. */
  const buckets = new Map<string, FindingCode[]>();
  const isRepeated = createRepeats();
  let firstBucket: string | undefined;

  function bucketCodes(name: string): FindingCode[] {
    const known = buckets.get(name);
    if (known) return known;
    const codes = bucketCellFindings(name, isAllowed(name));
    if (buckets.size < MAX_BUCKETS && name.length <= MAX_BUCKET_NAME) buckets.set(name, codes);
    return codes;
  }

  function check(fields: readonly string[], line: number): void {
    const bucket = fields[at.bucket] ?? '';
    const written = fields[at.key] ?? '';
    const { key, findings } = readKey(written);
    const versionId = at.versionId < 0 ? undefined : (fields[at.versionId] ?? '');
    firstBucket ??= bucket;
    const bucketFaults = bucketCodes(bucket);
    for (const code of bucketFaults) note(code, line);
    if (bucket !== firstBucket) note('several-buckets', line);
    for (const code of findings) note(code, line);
    if (versionId !== undefined) for (const code of versionFindings(versionId)) note(code, line);
    if (isRepeated(`${bucket}\0${key}\0${versionId ?? ''}`)) note('duplicate-rows', line);
    // Other rows can be of a file that is no manifest, so they are not shown.
    const isShown = bucketFaults.length === 0 && isShowable(written, versionId);
    if (isShown && firstRows.length < MAX_FIRST_ROWS)
      firstRows.push({ Bucket: bucket, Key: key, ...(versionId && { VersionId: versionId }) });
  }

  return { check, result: () => ({ firstRows, buckets: [...buckets.keys()] }) };
}
