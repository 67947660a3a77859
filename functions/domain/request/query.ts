import { KnownError } from '../../core/errors.ts';
import { unknownNameDetail } from '../../core/schema-advice.ts';

/** Query parameters. The values of a repeated parameter are joined with commas. */
export type Query = Record<string, string | undefined>;

export const badQuery = (name: string, detail: string) =>
  new KnownError('InvalidQuery', `The query parameter ${name} ${detail}${detail.endsWith('?') ? '' : '.'}`, {
    faults: [{ pointer: `?${name}`, detail, code: 'query' }],
  });

/** Throws InvalidQuery for a parameter that the call does not have. */
export function checkNames(query: Query, names: readonly string[]): void {
  const unknown = Object.keys(query).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw badQuery(unknown, unknownNameDetail(unknown, names, 'a parameter of this call'));
}

export function pageSizeOf(text: string | undefined, byDefault: number, max: number): number {
  if (text === undefined) return byDefault;
  const size = Number(text);
  if (/^\d+$/.test(text) && size >= 1 && size <= max) return size;
  throw badQuery('pageSize', `must be a whole number from 1 to ${max}`);
}

/** A position in a list, as opaque text for callers. */
export const pageTokenOf = (cursor: object): string =>
  Buffer.from(JSON.stringify(cursor)).toString('base64url');

export const noSuchPage = () =>
  badQuery('pageToken', 'is not valid for this list; omit it to start at the first page');

/** The position of a token. Callers can forge tokens, so `isCursor` checks it. Throws InvalidQuery. */
export function cursorOf<T>(pageToken: string, isCursor: (value: unknown) => value is T): T {
  try {
    const value: unknown = JSON.parse(Buffer.from(pageToken, 'base64url').toString());
    if (isCursor(value)) return value;
  } catch {
    // The error below says so.
  }
  throw noSuchPage();
}
