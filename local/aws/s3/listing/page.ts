import { REGION } from '../../../core/account.ts';
import type { S3Core } from '../core.ts';
import { invalidArgument } from '../errors.ts';
import type { Bucket } from '../store/buckets.ts';
import type { ObjectVersion } from '../store/version.ts';
import { type Entry, type Position, successor, type WalkOptions, walk } from './walk.ts';

const MAX_KEYS = 1000;
const MAX_INTEGER = 2 ** 31 - 1;

export interface Page {
  versions: ObjectVersion[];
  commonPrefixes: string[];
  /** The last entry; undefined on an empty page. */
  last: Entry | undefined;
  /** Whether entries follow after this page. */
  isTruncated: boolean;
}

/** The maximum number of entries of a page, from `max-keys` or a similar parameter. */
export function pageSize(wanted: number | undefined, parameter = 'max-keys'): number {
  if (wanted === undefined) return MAX_KEYS;
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > MAX_INTEGER)
    throw invalidArgument(
      `Provided ${parameter} not an integer or within integer range`,
      parameter,
      String(wanted),
    );
  return Math.min(wanted, MAX_KEYS);
}

/** The number of the last part before a page. S3 accepts an empty marker as 0. */
export function partNumberMarker(marker: string | undefined): number {
  const number = Number(marker ?? 0);
  if (!Number.isInteger(number) || number < 0 || number > MAX_INTEGER)
    throw invalidArgument(
      'Provided part-number-marker not an integer or within integer range',
      'part-number-marker',
      marker ?? '',
    );
  return number;
}

export function readPage({ database }: S3Core, options: WalkOptions, size: number): Page {
  const page: Page = { versions: [], commonPrefixes: [], last: undefined, isTruncated: false };
  if (size === 0) return page;
  for (const entry of walk(database, options)) {
    if (page.versions.length + page.commonPrefixes.length === size) {
      page.isTruncated = true;
      break;
    }
    page.last = entry;
    if ('version' in entry) page.versions.push(entry.version);
    else page.commonPrefixes.push(entry.commonPrefix);
  }
  return page;
}

/** S3 sends the Region of the bucket with every list of it. */
export function addRegion({ settings }: Bucket, headers: Record<string, string>): void {
  headers['x-amz-bucket-region'] = settings.location ?? REGION;
}

/** The position after a marker. A marker inside a common prefix skips the whole prefix. */
export function afterMarker(marker: string, prefix: string, delimiter: string): Position {
  const end = delimiter === '' || !marker.startsWith(prefix) ? -1 : marker.indexOf(delimiter, prefix.length);
  const next = end < 0 ? undefined : successor(marker.slice(0, end + delimiter.length));
  return next === undefined ? { after: marker } : { from: next };
}

/** An opaque token for the position after the last entry of a page. */
export const tokenAfter = (entry: Entry): string =>
  Buffer.from('version' in entry ? entry.version.key : entry.commonPrefix).toString('base64url');

export function readToken(token: string): string {
  const marker = Buffer.from(token, 'base64url').toString();
  if (token === '' || Buffer.from(marker).toString('base64url') !== token)
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
  return marker;
}

/** Encodes keys, prefixes and markers as the parameter `encoding-type` requests. */
export function keyEncoder(encodingType: string | undefined): (text: string) => string {
  if (encodingType === undefined) return (text) => text;
  if (encodingType !== 'url')
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encodingType);
  return (text) =>
    encodeURIComponent(text)
      .replace(/[!'()]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%20', '+')
      .replaceAll('%2F', '/');
}
