import type { Tag } from '../../../batch/object-store.ts';
import { invalidArgument, invalidTag, tooManyTags } from '../errors.ts';
import { decodeForm } from './decoding.ts';

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

/** Checks the tag set of an object. Throws the error of S3 for an invalid set. */
export function checkTags(tags: readonly PossibleTag[]): Tag[] {
  if (tags.length > MAX_TAGS) throw tooManyTags();
  return checkTagSet(tags, 'Your TagKey cannot be prefixed with aws:');
}

/** Checks each tag, and that no key repeats, but not the size of the set. */
export function checkTagSet(
  tags: readonly PossibleTag[],
  systemTagMessage = 'System tags cannot be added/updated by requester',
): Tag[] {
  const keys = new Set<string>();
  return tags.map(({ Key = '', Value = '' }) => {
    if (Key === '' || lengthOf(Key) > MAX_TAG_KEY_LENGTH || !TAG_TEXT.test(Key))
      throw invalidTag('The TagKey you have provided is invalid', Key);
    if (lengthOf(Value) > MAX_TAG_VALUE_LENGTH || !TAG_TEXT.test(Value))
      throw invalidTag('The TagValue you have provided is invalid', Key, Value);
    if (/^aws:/i.test(Key)) throw invalidTag(systemTagMessage, Key);
    if (keys.has(Key)) throw invalidTag('Cannot provide multiple Tags with the same key', Key);
    keys.add(Key);
    return { Key, Value };
  });
}

/** A tag set as an object row stores it: JSON, or null without tags. */
export const storedTags = (tags: readonly Tag[]): string | null =>
  tags.length === 0 ? null : JSON.stringify(tags);

/** The tag set in the header `x-amz-tagging`, which has the form of a query string. */
export function tagsFromHeader(header: string | undefined): Tag[] {
  if (header === undefined || header === '') return [];
  const pairs = header.split('&').filter((pair) => pair !== '');
  const tags = pairs.map((pair) => {
    const [key = '', ...value] = pair.split('=');
    return { Key: decode(key, header), Value: decode(value.join('='), header) };
  });
  const isMalformed =
    new Set(tags.map(({ Key }) => Key)).size < tags.length ||
    tags.some(({ Key, Value }) => !TAG_TEXT.test(Key) || !TAG_TEXT.test(Value));
  if (isMalformed) throw malformedHeader(header);
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
    return decodeForm(text);
  } catch {
    throw malformedHeader(header);
  }
}
