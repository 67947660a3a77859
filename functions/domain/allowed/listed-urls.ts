import { isInside } from './patterns.ts';

/** Whether one of the patterns `HOST` and `HOST/PATH*` holds an https address. A host has its port unless it is 443. */
export function isListedUrl(patterns: readonly string[], text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, host, pathname, search, hash } = new URL(text);
  if (protocol !== 'https:' || username || password || hash) return false;
  // A receiver may decode the path, and dots in it could then leave the listed path.
  if (/%2f|%5c/i.test(pathname)) return false;
  return isInside(patterns, { bucket: host, key: `${pathname}${search}`.slice(1) });
}
