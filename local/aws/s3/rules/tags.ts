import type { Tag } from '../../../batch/object-store.ts';
import { invalidArgument, invalidTag, tooManyTags } from '../errors.ts';

const MAX_TAGS = 10;
const MAX_TAG_KEY_LENGTH = 128;
const MAX_TAG_VALUE_LENGTH = 256;
/** Letters, spaces and digits of any script, and + - = . _ : / @ */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

interface PossibleTag {
  Key?: string | undefined;
  Value?: string | undefined;
}

const lengthOf = (text: string) => [...text].length;

/** Throws what S3 answers to an object's tag set that breaks its rules. */
export function checkTags(tags: readonly PossibleTag[]): Tag[] {
  if (tags.length > MAX_TAGS) throw tooManyTags();
  return checkTagSet(tags);
}

/** The rules for one tag and for a set of any size, as buckets have them. */
export function checkTagSet(tags: readonly PossibleTag[]): Tag[] {
  const seen = new Set<string>();
  return tags.map(({ Key = '', Value = '' }) => {
    if (Key === '' || lengthOf(Key) > MAX_TAG_KEY_LENGTH || !TAG_TEXT.test(Key))
      throw invalidTag('The TagKey you have provided is invalid', Key);
    if (lengthOf(Value) > MAX_TAG_VALUE_LENGTH || !TAG_TEXT.test(Value))
      throw invalidTag('The TagValue you have provided is invalid', Key);
    if (/^aws:/i.test(Key)) throw invalidTag('System tags cannot be added/updated by requester', Key);
    if (seen.has(Key)) throw invalidTag('Cannot provide multiple Tags with the same key', Key);
    seen.add(Key);
    return { Key, Value };
  });
}

/** JSON of a tag set as object rows hold it; null for none. */
export const storedTags = (tags: readonly Tag[]): string | null =>
  tags.length === 0 ? null : JSON.stringify(tags);

/** The tag set in the header `x-amz-tagging`, written like a query string. */
export function tagsFromHeader(header: string | undefined): Tag[] {
  if (header === undefined || header === '') return [];
  const tags = header.split('&').map((pair) => {
    const [key = '', ...value] = pair.replaceAll('+', ' ').split('=');
    return { Key: decode(key, header), Value: decode(value.join('='), header) };
  });
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length) throw malformedHeader(header);
  return checkTags(tags);
}

const malformedHeader = (header: string) =>
  invalidArgument(
    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
    'x-amz-tagging',
    header,
  );

function decode(text: string, header: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformedHeader(header);
  }
}
