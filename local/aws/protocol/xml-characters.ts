/** A character that XML 1.0 cannot carry: most control characters, lone surrogates, U+FFFE and U+FFFF. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
export const FORBIDDEN_IN_XML = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Cs}/u;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

/** The document with references for characters that XML 1.0 cannot carry, as S3 writes them: `&#x8;`. */
export const withReferences = (xml: string): string =>
  xml.replace(FORBIDDEN, (character) => `&#x${character.charCodeAt(0).toString(16)};`);

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text of an XML element. Control characters become references, also those that XML 1.0 forbids. */
export const escapeXml = (text: string) =>
  withReferences(
    text.replace(
      /[&<>"'\n\r\t\u007f-\u009f]/g,
      (character) => ENTITIES[character] ?? `&#x${character.charCodeAt(0).toString(16)};`,
    ),
  );
