import type { Fault } from './errors.ts';

/** Any character that XML 1.0 cannot carry (production Char), half of a surrogate pair included. */
const NOT_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** A JSON pointer to a member. */
export const pointerTo = (parent: string, name: string): string =>
  `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/**
 * A fault for each text and each name that XML cannot carry. S3 Control speaks XML: one such text makes every later list
 * of jobs unreadable.
 */
export function xmlTextFaults(
  value: unknown,
  isExempt: (pointer: string) => boolean = () => false,
  pointer = '',
): Fault[] {
  if (typeof value === 'string') return isExempt(pointer) ? [] : faultsOfText(value, pointer);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const inner = pointerTo(pointer, name);
    const ofName = faultsOfText(name, inner);
    return ofName.length > 0 ? ofName : xmlTextFaults(member, isExempt, inner);
  });
}

function faultsOfText(text: string, pointer: string): Fault[] {
  const [found] = NOT_XML.exec(text) ?? [];
  if (found === undefined) return [];
  const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return [{ pointer, detail: `contains U+${code}, which XML 1.0 cannot carry; remove it`, code: 'xmlText' }];
}
