import { isObject, type Json } from '../json.ts';
import { type Bindings, createParser, evaluate, readExpression } from './expression.ts';

/** A compiled payload that may contain expressions. */
export type Template<Value = Json> = (bindings: Bindings) => Value | Promise<Value>;

/** Compiles one field; `location` names it in errors, as AWS does: `Output/a/b[0]`. */
export type Compile = (value: Json, location: string) => Template;

export function createCompiler(): Compile {
  const parse = createParser();
  const compile: Compile = (value, location) => {
    const text = readExpression(value);
    if (text !== undefined) {
      const expression = parse(text, location);
      return (bindings) => evaluate(expression, location, bindings);
    }
    if (typeof value === 'string' && value.startsWith('{%'))
      throw new Error(`${location}: an expression starts with {% and ends with %}`);
    if (Array.isArray(value)) return compileElements(value, location, compile);
    return isObject(value) ? compileMembers(value, location, compile) : () => value;
  };
  return compile;
}

function compileElements(value: Json[], location: string, compile: Compile): Template {
  const templates = value.map((element, index) => compile(element, `${location}[${index}]`));
  if (isConstant(value)) return () => value;
  return async (bindings) => {
    const elements: Json[] = [];
    for (const template of templates) {
      const element = template(bindings);
      elements.push(element instanceof Promise ? await element : element);
    }
    return elements;
  };
}

function compileMembers(value: Record<string, Json>, location: string, compile: Compile): Template {
  const templates = Object.entries(value).map(
    ([name, member]) => [name, compile(member, `${location}/${name}`)] as const,
  );
  if (isConstant(value)) return () => value;
  return async (bindings) => {
    const members: [string, Json][] = [];
    for (const [name, template] of templates) {
      const member = template(bindings);
      members.push([name, member instanceof Promise ? await member : member]);
    }
    return Object.fromEntries(members);
  };
}

const isConstant = (value: Json): boolean =>
  typeof value === 'object' && value !== null
    ? Object.values(value).every(isConstant)
    : readExpression(value) === undefined;
