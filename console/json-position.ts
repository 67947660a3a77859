/**
 * The offset in a JSON text at which the value of a JSON pointer (RFC 6901) begins; of a missing member, the offset of
 * the nearest value that has it. The text must be valid JSON.
 */
export function offsetOf(text: string, pointer: string): number {
  const names = pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  let at = 0;
  const space = () => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  const string = (): string => {
    const start = at++;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    return JSON.parse(text.slice(start, ++at)) as string;
  };
  /** Reads the value at `at`; follows the rest of the names into it. Returns where it ends up. */
  const value = (rest: readonly string[] | undefined): number | undefined => {
    space();
    const start = at;
    const isWanted = rest !== undefined;
    if (isWanted && rest.length === 0) return start;
    const open = text[at];
    if (open === '"') string();
    else if (open === '{' || open === '[') {
      at++;
      for (let index = 0; ; index++) {
        space();
        if (text[at] === ']' || text[at] === '}') break;
        if (text[at] === ',') at++;
        space();
        let name = String(index);
        if (open === '{') {
          name = string();
          space();
          at++; // the colon
        }
        const found = value(isWanted && rest[0] === name ? rest.slice(1) : undefined);
        if (found !== undefined) return found;
        space();
      }
      at++;
    } else while (/[^,\]}\s]/.test(text[at] ?? ',')) at++;
    return isWanted ? start : undefined;
  };
  return value(names) ?? 0;
}

export const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
