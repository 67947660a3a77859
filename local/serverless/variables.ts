import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Where the variables of serverless.yml take their values from, besides the file itself. */
export interface VariableSources {
  /** Folder of serverless.yml: `${file(…)}` is read from there. */
  folder: string;
  stage: string;
  /** What `--param name=value` and the file of the stage set. */
  params: Readonly<Record<string, string>>;
  /** Values that are used instead of those in `params.default`. */
  paramDefaults: Readonly<Record<string, string>>;
  /** What `--name value` would set. */
  options: Readonly<Record<string, string>>;
}

/**
 * One variable with no other inside it. It does not match CloudFormation's `${Name}`, `${Name.Arn}` and
 * `${AWS::Region}`.
 */
const VARIABLE = /\$\{([a-zA-Z]+)(?:\(([^${}()]*)\))?(?::(?!:)([^${},]*))?(?:,\s*([^${}]*))?\}/g;

/**
 * Returns a reader that gives the value at a path of the document with all `${…}` of the Serverless Framework
 * resolved. Throws with the location of a variable that has no value or an unknown source.
 */
export function createVariables(document: unknown, sources: VariableSources) {
  const underWay: string[] = [];

  const lookUp = (source: string, argument: string | undefined, address: string): unknown => {
    if (source === 'self') return at(address);
    if (source === 'opt') return sources.options[address];
    if (source === 'param') return sources.params[address] ?? stageParam(address);
    if (source === 'sls' && address === 'stage') return sources.stage;
    if (source === 'file' && argument !== undefined && address === '') return readData(argument);
    throw new Error(`the source "${source}" is unknown`);
  };
  const stageParam = (name: string) =>
    memberOf(ofStage(sources.stage), [name]) ??
    sources.paramDefaults[name] ??
    memberOf(ofStage('default'), [name]);
  const ofStage = (stage: string) => memberOf(document, ['params', stage]);
  const readData = (file: string): unknown => parse(readFileSync(join(sources.folder, file), 'utf8'));

  const evaluate = (
    [text, source = '', argument, address = '', fallback]: RegExpExecArray,
    location: string,
  ) => {
    const found = explain(location, text, () => lookUp(source, argument, address.trim()));
    const value = found ?? (fallback === undefined ? undefined : otherwise(fallback.trim()));
    if (value === undefined) throw new Error(`${location}: ${text} has no value`);
    return resolve(value, location);
  };

  const resolveText = (text: string, location: string): unknown => {
    const found = [...text.matchAll(VARIABLE)].filter(
      (match) => match[2] !== undefined || match[3] !== undefined,
    );
    const [first] = found;
    if (!first) return text;
    if (first[0] === text) return evaluate(first, location);
    const replaced = found.reduceRight((rest, match) => {
      const value = evaluate(match, location);
      if (typeof value === 'object') throw new Error(`${location}: ${match[0]} is not a text`);
      return rest.slice(0, match.index) + String(value) + rest.slice(match.index + match[0].length);
    }, text);
    return resolveText(replaced, location);
  };

  const resolve = (value: unknown, location: string): unknown => {
    if (typeof value === 'string') return resolveText(value, location);
    if (Array.isArray(value)) return value.map((member, i) => resolve(member, `${location}[${i}]`));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, resolve(member, `${location}.${name}`)]),
    );
  };

  const at = (path: string): unknown => {
    if (underWay.includes(path)) throw new Error(`${[...underWay, path].join(' -> ')} refers to itself`);
    underWay.push(path);
    try {
      return resolve(walk(path.split('.')), path);
    } finally {
      underWay.pop();
    }
  };
  /** A step may itself be a variable that stands for a whole object. */
  const walk = (steps: string[]): unknown => {
    let value: unknown = document;
    for (const [i, step] of steps.entries()) {
      if (typeof value === 'string') value = resolve(value, steps.slice(0, i).join('.'));
      value = memberOf(value, [step]);
    }
    return value;
  };
  /** All parameters as they are in effect. */
  const params = (): Record<string, unknown> => ({
    ...(ofStage('default') as object | undefined),
    ...sources.paramDefaults,
    ...withoutNull(ofStage(sources.stage)),
    ...sources.params,
  });
  /** Names of the parameters whose values are not the defaults of the file. */
  const changed = (): string[] => {
    const defaults = ofStage('default') as Record<string, unknown> | undefined;
    const differs = ([name, value]: [string, unknown]) =>
      String(value ?? '') !== String(defaults?.[name] ?? '');
    return Object.entries(params())
      .filter(differs)
      .map(([name]) => name);
  };
  return { at, params, changed };
}

/** A parameter without a value in the file is not set. */
const withoutNull = (params: unknown) =>
  Object.fromEntries(Object.entries(params ?? {}).filter(([, value]) => value !== null));

export type Variables = ReturnType<typeof createVariables>;

const memberOf = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[name] : undefined,
    value,
  );

/** The value after the comma: a quoted text, another variable without its braces, or a text. */
const otherwise = (text: string) =>
  /^(['"])(.*)\1$/.exec(text)?.[2] ?? (/^[a-z]+:[\w.-]+$/i.test(text) ? `\${${text}}` : text);

function explain<T>(location: string, text: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`${location}: ${text}: ${(error as Error).message}`, { cause: error });
  }
}
