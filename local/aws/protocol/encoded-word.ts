import { TextDecoder } from 'node:util';

/** RFC 2047 encoded words, as S3 reads and writes them in the values of user metadata. */

/** Characters that stand for themselves in an encoded word of S3. */
const SAFE = /[!-<>-^`-~\t]/;

/** Text for a header: printable ASCII as it is, other text as one encoded word. */
export function encodeWord(text: string): string {
  if (/^[\x20-\x7e\t]*$/.test(text)) return text;
  const bytes = Buffer.from(text);
  // Base64 for text with characters that cannot be printed, as S3 does.
  if (/\p{C}/u.test(text)) return `=?UTF-8?B?${bytes.toString('base64')}?=`;
  return `=?UTF-8?Q?${[...bytes].map(quoteByte).join('')}?=`;
}

function quoteByte(byte: number): string {
  const character = String.fromCharCode(byte);
  if (character === ' ') return '_';
  return SAFE.test(character) ? character : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

const WORD = /=\?([\w-]+)(?:\*[\w-]+)?\?([BQ])\?([^?\s]*)\?=/gi;

/** Text with its encoded words decoded. White space between two encoded words is not part of the text. */
export const decodeWords = (text: string): string =>
  text
    .replace(/(\?=)\s+(?==\?)/g, '$1')
    .replace(WORD, (word, charset: string, encoding: string, content: string) => {
      const decoder = decoderFor(charset);
      return decoder
        ? decoder.decode(encoding.toUpperCase() === 'B' ? fromBase64(content) : unquote(content))
        : word;
    });

const fromBase64 = (content: string) => Buffer.from(content, 'base64');

const unquote = (content: string) =>
  Buffer.from(
    content
      .replaceAll('_', ' ')
      .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

function decoderFor(charset: string) {
  try {
    return new TextDecoder(charset);
  } catch {
    return undefined;
  }
}
