import { ShapeFault } from './fault.ts';
import { FORBIDDEN_IN_XML } from './xml-characters.ts';

/** Text, or an element's attributes and children by name: several of one name are a list, text is `#text`. */
export type XmlValue = string | XmlElement;
export interface XmlElement {
  [name: string]: XmlValue | XmlValue[];
}

export interface XmlDocument {
  root: string;
  value: XmlValue;
}

export interface ParserOptions {
  /** Accepts references to characters that XML 1.0 forbids, such as `&#x8;`, except for NUL. */
  anyCharacter?: boolean;
}

const MAX_DEPTH = 100;
const MAX_ATTRIBUTES = 100;

const NAME = '[\\p{L}_:][\\p{L}\\p{N}\\p{M}_:.\u00b7-]*';
const ATTRIBUTE = new RegExp(`\\s+(${NAME})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, 'uy');
const START = new RegExp(`<(${NAME})`, 'uy');
const START_END = /\s*(\/?)>/y;
const END = new RegExp(`</(${NAME})\\s*>`, 'uy');
const TEXT = /[^<]+/y;
const ENCODING = /^<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["']/;

const syntaxFault = (message: string) => new ShapeFault('Syntax', 'body', '', message);

/** Decodes a document, which must be UTF-8. A byte order mark is dropped. */
export function decodeXml(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw syntaxFault('the body is not UTF-8');
  }
}

/** An open element while the document is read. */
interface OpenElement {
  qualifiedName: string;
  name: string;
  members: XmlElement;
  text: string;
  hasChildren: boolean;
}

/**
 * Parses a document of XML 1.0. Throws ShapeFault for anything that is not well-formed, and for document types, which
 * no request needs and which attacks with entities use. Prefixes of element names are dropped. White space between
 * elements is ignored.
 */
export function parseXml(xml: string, options: ParserOptions = {}): XmlDocument {
  const forbidden = FORBIDDEN_IN_XML.exec(xml);
  if (forbidden) throw syntaxFault(`the character ${codePointOf(forbidden[0])} is not allowed in XML`);
  const encoding = ENCODING.exec(xml)?.[1];
  if (encoding !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(encoding))
    throw syntaxFault(`the encoding ${encoding} is not supported, only UTF-8`);
  return new Parser(xml.replace(/\r\n?/g, '\n'), options).parse();
}

class Parser {
  readonly xml: string;
  readonly options: ParserOptions;
  readonly open: OpenElement[] = [];
  at = 0;
  document: XmlDocument | undefined;

  constructor(xml: string, options: ParserOptions) {
    this.xml = xml;
    this.options = options;
  }

  parse(): XmlDocument {
    while (this.at < this.xml.length) this.readNext();
    const unclosed = this.open.at(-1);
    if (unclosed) throw syntaxFault(`the element ${unclosed.qualifiedName} is not closed`);
    if (!this.document) throw syntaxFault('the body is not an XML document');
    return this.document;
  }

  readNext(): void {
    const { xml, at } = this;
    if (xml.startsWith('<!--', at)) this.skip('<!--', '-->', /--/);
    else if (xml.startsWith('<?', at)) this.skip('<?', '?>');
    else if (xml.startsWith('<![CDATA[', at)) this.addText(this.skip('<![CDATA[', ']]>'), '');
    else if (xml.startsWith('<!', at)) throw syntaxFault('a document type is not allowed');
    else if (xml.startsWith('</', at)) this.closeElement();
    else if (xml.startsWith('<', at)) this.openElement();
    else {
      const raw = this.match(TEXT)?.[0] ?? '';
      if (raw.includes(']]>')) throw syntaxFault(']]> is not allowed in text');
      this.addText(this.resolve(raw), raw);
    }
  }

  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.xml);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  /** Moves past a construct and returns what is in it. */
  skip(begin: string, end: string, forbidden?: RegExp): string {
    const from = this.at + begin.length;
    const to = this.xml.indexOf(end, from);
    if (to < 0) throw syntaxFault(`${begin} is not closed`);
    const content = this.xml.slice(from, to);
    if (forbidden?.test(content)) throw syntaxFault(`${begin} contains ${forbidden.source}`);
    this.at = to + end.length;
    return content;
  }

  /** Replaces references to characters. A bare `&` and other entities are not well-formed. */
  resolve(text: string): string {
    if (!text.includes('&')) return text;
    return text.replace(/&([^;&\s]{0,12};)?/g, (reference, body?: string) => {
      const character = body === undefined ? undefined : this.characterOf(body.slice(0, -1));
      if (character === undefined) throw syntaxFault(`${reference} is not a reference`);
      return character;
    });
  }

  characterOf(name: string): string | undefined {
    const [, hex, decimal] = /^#(?:x([0-9a-f]+)|([0-9]+))$/i.exec(name) ?? [];
    if (hex === undefined && decimal === undefined) return ENTITIES[name];
    const codePoint = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (codePoint === 0 || codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff))
      return undefined;
    const character = String.fromCodePoint(codePoint);
    return this.options.anyCharacter || !FORBIDDEN_IN_XML.test(character) ? character : undefined;
  }

  addText(text: string, raw: string): void {
    const element = this.open.at(-1);
    if (element) element.text += text;
    else if (raw.trim() !== '' || text.trim() !== '')
      throw syntaxFault('there is text outside of the root element');
  }

  openElement(): void {
    if (this.document) throw syntaxFault('there is more than one root element');
    if (this.open.length >= MAX_DEPTH) throw syntaxFault(`elements are nested more than ${MAX_DEPTH} deep`);
    const [, qualifiedName = ''] = this.match(START) ?? [];
    if (qualifiedName === '') throw syntaxFault('< does not begin an element');
    const members = this.readAttributes();
    const end = this.match(START_END);
    if (!end) throw syntaxFault(`the tag ${qualifiedName} is not well-formed`);
    const name = qualifiedName.slice(qualifiedName.indexOf(':') + 1);
    const parent = this.open.at(-1);
    if (parent) parent.hasChildren = true;
    this.open.push({ qualifiedName, name, members, text: '', hasChildren: false });
    if (end[1] === '/') this.finishElement();
  }

  readAttributes(): XmlElement {
    const attributes: XmlElement = Object.create(null);
    let count = 0;
    for (let found = this.match(ATTRIBUTE); found; found = this.match(ATTRIBUTE)) {
      const [, name = '', double, single] = found;
      if (++count > MAX_ATTRIBUTES)
        throw syntaxFault(`an element has more than ${MAX_ATTRIBUTES} attributes`);
      if (name in attributes) throw syntaxFault(`the attribute ${name} appears twice`);
      attributes[name] = this.resolve(double ?? single ?? '');
    }
    return attributes;
  }

  closeElement(): void {
    const [, name] = this.match(END) ?? [];
    const expected = this.open.at(-1)?.qualifiedName;
    if (name === undefined || name !== expected)
      throw syntaxFault(
        expected === undefined ? 'an end tag has no start tag' : `</${expected}> is expected`,
      );
    this.finishElement();
  }

  finishElement(): void {
    const { name, members, text, hasChildren } = this.open.pop() as OpenElement;
    if (hasChildren && text.trim() !== '') throw syntaxFault(`${name} has text between its elements`);
    const hasMembers = Object.keys(members).length > 0;
    if (hasMembers && !hasChildren && text !== '') members['#text'] = text;
    const value: XmlValue = hasMembers ? members : text;
    const parent = this.open.at(-1);
    if (!parent) this.document = { root: name, value };
    else addChild(parent.members, name, value);
  }
}

function addChild(members: XmlElement, name: string, value: XmlValue): void {
  const before = members[name];
  if (before === undefined) members[name] = value;
  else if (Array.isArray(before)) before.push(value);
  else members[name] = [before, value];
}

const ENTITIES: Record<string, string> = Object.assign(Object.create(null), {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
});

const codePointOf = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
