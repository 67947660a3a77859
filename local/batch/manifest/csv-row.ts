import { CONTENT_FAULT, FORMAT_FAULT } from '../unconfirmed.ts';
import { invalidContent } from './manifest-fault.ts';

/*
 * The text is Latin-1, one character for each byte: offsets stay exact, and no byte of a UTF-8 sequence equals a
 * comma, a quote or a line end.
 */

/**
 * Puts the fields of one row of the text into `fields`. Returns where the next row starts, or -1 when the row
 * continues after the text.
 */
export type SplitRow = (text: string, start: number, isLast: boolean, fields: string[]) => number;

/** For text without quotes. */
export const splitPlainRow: SplitRow = (text, start, isLast, fields) => {
  const feed = text.indexOf('\n', start);
  if (feed < 0 && !isLast) return -1;
  const end = feed < 0 ? text.length : feed > start && isCarriageReturn(text, feed - 1) ? feed - 1 : feed;
  const last = fields.length - 1;
  let at = start;
  for (let column = 0; column < last; column++) {
    const comma = text.indexOf(',', at);
    if (comma < 0 || comma >= end) throw invalidContent(CONTENT_FAULT);
    fields[column] = text.slice(at, comma);
    at = comma + 1;
  }
  const surplus = text.indexOf(',', at);
  if (surplus >= 0 && surplus < end) throw invalidContent(CONTENT_FAULT);
  fields[last] = text.slice(at, end);
  return feed < 0 ? text.length : feed + 1;
};

/** For text with RFC 4180 quotes; a quote within an unquoted field is an ordinary character. */
export const splitQuotedRow: SplitRow = (text, start, isLast, fields) => {
  let at = start;
  for (let column = 0; ; column++) {
    if (column === fields.length) throw invalidContent(CONTENT_FAULT);
    const end = text.charCodeAt(at) === QUOTE ? endOfQuoted(text, at, isLast) : endOfPlain(text, at);
    if (end < 0 || (end >= text.length && !isLast)) return -1;
    fields[column] = fieldBetween(text, at, end);
    if (text.charCodeAt(end) === COMMA) {
      at = end + 1;
      continue;
    }
    if (column < fields.length - 1) throw invalidContent(CONTENT_FAULT);
    return Math.min(isCarriageReturn(text, end) ? end + 2 : end + 1, text.length);
  }
};

const COMMA = 44;
const QUOTE = 34;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Index of the separator after the quoted field; -1 when more text is needed to find it. */
function endOfQuoted(text: string, start: number, isLast: boolean): number {
  let quote = text.indexOf('"', start + 1);
  while (quote >= 0 && text.charCodeAt(quote + 1) === QUOTE) quote = text.indexOf('"', quote + 2);
  if (quote < 0) {
    if (isLast) throw invalidContent(FORMAT_FAULT);
    return -1;
  }
  const end = quote + 1;
  if (end === text.length || text.charCodeAt(end) === COMMA || isLineEnd(text, end)) return end;
  if (!isLast && end === text.length - 1 && isCarriageReturn(text, end)) return -1;
  throw invalidContent(FORMAT_FAULT);
}

/** Index of the separator after the field without quotes, or the end of the text. */
function endOfPlain(text: string, start: number): number {
  const comma = text.indexOf(',', start);
  const feed = text.indexOf('\n', start);
  if (comma >= 0 && (feed < 0 || comma < feed)) return comma;
  if (feed < 0) return text.length;
  return feed > start && isCarriageReturn(text, feed - 1) ? feed - 1 : feed;
}

const isCarriageReturn = (text: string, at: number): boolean => text.charCodeAt(at) === CARRIAGE_RETURN;

const isLineEnd = (text: string, at: number): boolean =>
  text.charCodeAt(isCarriageReturn(text, at) ? at + 1 : at) === LINE_FEED;

function fieldBetween(text: string, start: number, end: number): string {
  if (text.charCodeAt(start) !== QUOTE) return text.slice(start, end);
  const inner = text.slice(start + 1, end - 1);
  return inner.includes('"') ? inner.replaceAll('""', '"') : inner;
}
