/** The offset in a JSON text at which the value of a JSON pointer (RFC 6901) begins; of a missing member, the offset of the nearest value that has it. The text must be valid JSON. */
export function offsetOf(text: string, pointer: string): number {
  const wanted = pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  /** The member or index that is read now, at each depth of the text. */
  const path: (string | number)[] = [];
  let best = { depth: -1, offset: 0 };
  let isName = false;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    const last = path.length - 1;
    if (token === ']' || token === '}') path.pop();
    else if (token === ':') isName = false;
    else if (token === ',') {
      if (typeof path[last] === 'number') path[last] += 1;
      else isName = true;
    } else if (isName) path[last] = JSON.parse(token) as string;
    else {
      const isOnTheWay = path.every((name, i) => String(name) === wanted[i]);
      if (isOnTheWay && path.length > best.depth) best = { depth: path.length, offset: index };
      if (token === '[') path.push(0);
      if (token === '{') path.push('');
    }
    if (token === '{') isName = true;
    if (token === '}' || token === '[') isName = false;
  }
  return best.offset;
}

export const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
