/**
 * Decodes text in form encoding, in which a plus is a space. Undefined when a `%` is not followed by two hexadecimal
 * digits or the bytes are not UTF-8.
 */
export function decodeFormText(encoded: string): string | undefined {
  const spaced = encoded.includes('+') ? encoded.replaceAll('+', ' ') : encoded;
  const percent = spaced.indexOf('%');
  return percent < 0 ? spaced : decodeEscapes(spaced, percent);
}

/** Several times faster than decodeURIComponent for a few escapes of ASCII characters, which most keys have. */
function decodeEscapes(text: string, firstPercent: number): string | undefined {
  let decoded = '';
  let from = 0;
  for (let at = firstPercent; at >= 0; at = text.indexOf('%', from)) {
    const code = hexDigit(text.charCodeAt(at + 1)) * 16 + hexDigit(text.charCodeAt(at + 2));
    if (!(code < 128)) return decodeUtf8Escapes(text);
    decoded += text.slice(from, at) + String.fromCharCode(code);
    from = at + 3;
  }
  return decoded + text.slice(from);
}

function decodeUtf8Escapes(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** NaN for any other character, and beyond the end of the text. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = (code | 32) - 97;
  return letter >= 0 && letter < 6 ? letter + 10 : Number.NaN;
}
