/** Deepest nesting that AWS's JSON parser accepts. */
const MAX_DEPTH = 1_000;

const VALUE = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
const LITERAL = /(?:true|false|null)(?![\w$])/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const TOKEN = /[\p{L}\p{N}_$]+/uy;
const WHITE_SPACE = /[ \t\r\n]*/y;

/** Thrown at the first fault. */
class JsonFault extends Error {}

/** Says why a text is not JSON, in the words of the parser that AWS uses (Jackson). Undefined for JSON. */
export function jsonFaultOf(text: string): string | undefined {
  if (text.trim() === '') return 'Invalid execution input.';
  try {
    scan(text);
    return undefined;
  } catch (error) {
    if (error instanceof JsonFault) return error.message;
    throw error;
  }
}

/** One container that is open, and what may come next in it. */
interface Container {
  end: '}' | ']';
  expects: 'first' | 'next' | 'more';
}

/** Reads the text without recursion, so that its depth costs no stack. */
function scan(text: string): void {
  let at = 0;
  const open: Container[] = [];
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found) at += found.length;
    return found;
  };
  const unexpected = (expectation: string): JsonFault => {
    const code = text.codePointAt(at);
    if (code === undefined) {
      const container = open.at(-1);
      return new JsonFault(
        container === undefined
          ? 'Unexpected end-of-input'
          : `Unexpected end-of-input: expected close marker for ${container.end === '}' ? 'Object' : 'Array'}`,
      );
    }
    return new JsonFault(
      `Unexpected character ('${String.fromCodePoint(code)}' (code ${code})): ${expectation}`,
    );
  };

  const readString = () => {
    for (at++; ; at++) {
      const character = text[at];
      if (character === undefined)
        throw new JsonFault('Unexpected end-of-input: was expecting closing quote for a string value');
      if (character === '"') break;
      if (character < ' ')
        throw new JsonFault(
          `Illegal unquoted character ((CTRL-CHAR, code ${character.charCodeAt(0)})): has to be escaped using backslash to be included in string value`,
        );
      if (character === '\\') readEscape();
    }
    at++;
  };
  const readEscape = () => {
    at++;
    const escaped = text[at] ?? '';
    if (escaped === 'u' && /^[0-9a-fA-F]{4}$/.test(text.slice(at + 1, at + 5))) at += 4;
    else if (escaped === 'u' || !'"\\/bfnrt'.includes(escaped) || escaped === '')
      throw new JsonFault(`Unrecognized character escape '${escaped}' (code ${escaped.codePointAt(0) ?? 0})`);
  };

  /** A scalar, or the begin of a container, which is then open. */
  const readValue = () => {
    const character = text[at];
    if (character === '"') return readString();
    if (character === '{' || character === '[') {
      if (open.length >= MAX_DEPTH)
        throw new JsonFault(
          `Document nesting depth (${open.length + 1}) exceeds the maximum allowed (${MAX_DEPTH})`,
        );
      at++;
      open.push({ end: character === '{' ? '}' : ']', expects: 'first' });
      return;
    }
    if (match(LITERAL) !== undefined) return;
    if (/^-?0\d/.test(text.slice(at, at + 3)))
      throw new JsonFault('Invalid numeric value: Leading zeroes not allowed');
    if (match(NUMBER) !== undefined) return;
    const token = match(TOKEN);
    if (token !== undefined) throw new JsonFault(`Unrecognized token '${token}': was expecting ${VALUE}`);
    throw unexpected(`expected a valid value ${VALUE}`);
  };
  const readMember = () => {
    if (text[at] !== '"') throw unexpected('was expecting double-quote to start field name');
    readString();
    match(WHITE_SPACE);
    if (text[at] !== ':') throw unexpected('was expecting a colon to separate field name and value');
    at++;
    match(WHITE_SPACE);
    readValue();
  };

  match(WHITE_SPACE);
  readValue();
  for (let container = open.at(-1); container; container = open.at(-1)) {
    match(WHITE_SPACE);
    const closes = text[at] === container.end && container.expects !== 'next';
    if (closes) {
      at++;
      open.pop();
    } else if (container.expects === 'more') {
      if (text[at] !== ',')
        throw unexpected(
          `was expecting comma to separate ${container.end === '}' ? 'Object' : 'Array'} entries`,
        );
      at++;
      container.expects = 'next';
    } else {
      container.expects = 'more';
      if (container.end === '}') readMember();
      else readValue();
    }
  }
  match(WHITE_SPACE);
  if (at < text.length) throw unexpected(`expected a valid value ${VALUE}`);
}
