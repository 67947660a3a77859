import { isInside } from './patterns.ts';

/** A receiver may decode a path once more, drop parameters (`..;x`), or treat other characters as dots and slashes. */
function canLeavePath(pathname: string): boolean {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname).normalize('NFKC');
  } catch {
    return true;
  }
  const isEncodedTwice = decoded.includes('%');
  const hasOtherSlashes = decoded.includes('\\') || decoded.split('/').length !== pathname.split('/').length;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to refuse
  const hasControls = /[\0-\x1f\x7f-\x9f]/.test(decoded);
  // The URL parser has resolved plain dot segments. Some servers ignore dots and spaces at the end of a name.
  const hasDots = decoded.split('/').some((segment) => /^[\s.]*\.[\s.]*(;|$)/.test(segment));
  return isEncodedTwice || hasOtherSlashes || hasControls || hasDots;
}

/**
 * Whether one of the patterns `HOST` and `HOST/PATH*` fits an https address. A host includes its port, except 443. An
 * address whose path a receiver could read as another path fits no pattern.
 */
export function isListedUrl(patterns: readonly string[], text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, host, pathname, search, hash } = new URL(text);
  if (protocol !== 'https:' || username || password || hash || canLeavePath(pathname)) return false;
  return isInside(patterns, { bucket: host, key: `${pathname}${search}`.slice(1) });
}
