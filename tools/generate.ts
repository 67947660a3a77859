/**
 * schemas/*.schema.json → functions/core/generated: TypeScript types for each, a compiled validator for each body of a
 * request, the pointers of timestamps, and the contract. schemas/actions/*.schema.json → functions/worker/generated: the same for user arguments.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { compile } from 'json-schema-to-typescript';
import { calls } from './api-calls.ts';
import { openapiOf } from './openapi.ts';

interface Schema {
  [keyword: string]: unknown;
  title: string;
  type?: string;
  oneOf?: unknown;
  properties?: Record<string, Schema>;
  items?: Schema;
  $ref?: string;
  $defs?: Record<string, Schema>;
}

const root = join(import.meta.dirname, '..');
const schemaFolder = join(root, 'schemas');

/** JSON pointers of all members that are timestamps; members inside lists are not included. */
function timestampPaths(schema: Schema, all: Schema, at = ''): string[] {
  if (schema.$ref === '#/$defs/Timestamp') return [at];
  const target = schema.$ref ? all.$defs?.[schema.$ref.replace('#/$defs/', '')] : schema;
  return Object.entries(target?.properties ?? {}).flatMap(([name, member]) =>
    timestampPaths(member, all, `${at}/${name}`),
  );
}

async function validatorOf(schema: Schema, others: Schema[], more = ''): Promise<string> {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true, // faults name the value and what the schema says of it
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    code: { source: true, esm: true },
    messages: false, // core/schema-advice.ts writes them
    schemas: others,
  });
  const contents = standalone.default(ajv, ajv.compile(schema)) + more;
  // The standalone code still requires a helper of ajv: bundled, it runs anywhere.
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    legalComments: 'none',
  });
  return outputFiles[0]?.text ?? '';
}

/** The file, without its ending, that declares each type: a shared type is declared once. */
const ownersOf = (schemas: ReadonlyMap<string, Schema>): Map<string, string> =>
  new Map(
    [...schemas].flatMap(([name, { title, $defs = {} }]) =>
      [title, ...Object.keys($defs)].map((type) => [type, name] as const),
    ),
  );

/** A declaration with its comment; a line that starts another one ends it. */
const DECLARATION =
  /(?:^\/\*\*\n(?: \*.*\n)+)?^export (?:interface|type) (\w+)[\s\S]*?(?=^\/\*\*|^export |(?![\s\S]))/gm;

async function typesOf(name: string, schema: Schema, owners: ReadonlyMap<string, string>): Promise<string> {
  const { oneOf: _, ...plain } = schema; // "one of these is required" would only blur the type
  const types = await compile(plain as object, schema.title, {
    bannerComment: '',
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    cwd: schemaFolder,
  });
  const declarations = [...types.matchAll(DECLARATION)].map(([text, type = '']) => ({
    text: text.trimEnd(),
    type,
    owner: owners.get(type) ?? name,
  }));
  const own = declarations.filter(({ owner }) => owner === name).map(({ text }) => text);
  const imports = declarations
    .filter(({ type, owner }) => owner !== name && own.some((text) => new RegExp(`\\b${type}\\b`).test(text)))
    .map(({ type, owner }) => `import type { ${type} } from './${owner}.mjs';\n`);
  return `${imports.sort().join('')}${own.join('\n')}\n`;
}

const validatorTypeOf = (
  { title }: Schema,
  core: string,
) => `import type { SchemaError } from '${core}/schema-advice.ts';
declare const validate: { (data: unknown): data is ${title}; errors?: SchemaError[] | null };
export default validate;
`;

/** User arguments are text; their types say how it is read, so each must name one. */
function argumentTypesOf({ title, properties = {} }: Schema): string {
  const types = Object.entries(properties).map(([name, { type }]) => {
    if (typeof type !== 'string') throw new Error(`${title}: the argument ${name} needs one type`);
    return [name, type];
  });
  return JSON.stringify(Object.fromEntries(types));
}

const timestampsOf = (paths: string[]) =>
  `/** JSON pointers of all members that are timestamps. */
export const timestampPaths: readonly string[] = ${JSON.stringify(paths, undefined, 2)};
`;

/** Every schema of a folder by the name of its file. */
async function readSchemas(folder: string): Promise<Map<string, Schema>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.schema.json')).sort();
  const read = async (file: string) => JSON.parse(await readFile(join(folder, file), 'utf8')) as Schema;
  return new Map(
    await Promise.all(
      files.map(async (file) => [file.replace('.schema.json', ''), await read(file)] as const),
    ),
  );
}

const core = 'functions/core/generated';
const worker = 'functions/worker/generated';

/** Only bodies of requests are checked at run time; answers and notices are checked by the tests. */
const requestBodies = new Set(Object.values(calls).flatMap(({ body }) => body ?? []));

/** Path in the repository → content, for every schema. */
export async function generatedFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const schemas = await readSchemas(schemaFolder);
  const owners = ownersOf(schemas);
  for (const [name, schema] of schemas) {
    const types = await typesOf(name, schema, owners);
    const isChecked = requestBodies.has(name);
    files.set(`${core}/${name}.d.mts`, isChecked ? types + validatorTypeOf(schema, '..') : types);
    if (!isChecked) continue;
    const others = [...schemas.values()].filter((other) => other !== schema);
    files.set(`${core}/${name}.mjs`, await validatorOf(schema, others));
    // A file of its own, because the validator is large and not every function needs both.
    const paths = timestampPaths(schema, schema);
    if (paths.length > 0) files.set(`${core}/${name}-timestamps.ts`, timestampsOf(paths));
  }
  for (const [name, schema] of await readSchemas(join(schemaFolder, 'actions'))) {
    const argumentTypes = argumentTypesOf(schema);
    const types = await typesOf(name, schema, new Map());
    const value = `;export const argumentTypes=${argumentTypes};`;
    files.set(`${worker}/${name}.mjs`, await validatorOf(schema, [], value));
    files.set(
      `${worker}/${name}.d.mts`,
      `${types}${validatorTypeOf(schema, '../../core')}export const argumentTypes: ${argumentTypes};\n`,
    );
  }
  files.set(`${core}/openapi.json`, `${JSON.stringify(openapiOf(schemas), undefined, 2)}\n`);
  return files;
}

if (process.argv[1] === import.meta.filename) {
  for (const folder of [core, worker]) {
    await rm(join(root, folder), { recursive: true, force: true });
    await mkdir(join(root, folder), { recursive: true });
  }
  for (const [path, content] of await generatedFiles()) await writeFile(join(root, path), content);
}
