/** schemas/*.schema.json → functions/core/generated: a compiled validator and TypeScript types for each, where timestamps are, and the contract. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { compile } from 'json-schema-to-typescript';
import { openapiOf } from './openapi.ts';

interface Schema {
  [keyword: string]: unknown;
  title: string;
  oneOf?: unknown;
  properties?: Record<string, Schema>;
  items?: Schema;
  $ref?: string;
  $defs?: Record<string, Schema>;
}

const root = join(import.meta.dirname, '..');
const schemaFolder = join(root, 'schemas');

/** JSON pointers of all members that are timestamps; what is inside of lists is not looked at. */
function timestampPaths(schema: Schema, all: Schema, at = ''): string[] {
  if (schema.$ref === '#/$defs/Timestamp') return [at];
  const target = schema.$ref ? all.$defs?.[schema.$ref.replace('#/$defs/', '')] : schema;
  return Object.entries(target?.properties ?? {}).flatMap(([name, member]) =>
    timestampPaths(member, all, `${at}/${name}`),
  );
}

async function validatorOf(schema: Schema, others: Schema[]): Promise<string> {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    strictRequired: false,
    code: { source: true, esm: true },
    schemas: others,
  });
  const contents = standalone.default(ajv, ajv.compile(schema));
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

async function typesOf(schema: Schema): Promise<string> {
  const { oneOf: _, ...plain } = schema; // "one of these is required" would only blur the type
  const types = await compile(plain as object, schema.title, {
    bannerComment: '',
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    cwd: schemaFolder,
  });
  return `${types}
export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): data is ${schema.title}; errors?: SchemaError[] | null };
export default validate;
`;
}

const timestampsOf = (paths: string[]) =>
  `/** JSON pointers of all members that are timestamps. */
export const timestampPaths: readonly string[] = ${JSON.stringify(paths, undefined, 2)};
`;

/** Every schema by the name of its file. */
async function readSchemas(): Promise<Map<string, Schema>> {
  const files = (await readdir(schemaFolder)).sort();
  const read = async (file: string) => JSON.parse(await readFile(join(schemaFolder, file), 'utf8')) as Schema;
  return new Map(
    await Promise.all(
      files.map(async (file) => [file.replace('.schema.json', ''), await read(file)] as const),
    ),
  );
}

/** File name → content, for every schema. */
export async function generatedFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const schemas = await readSchemas();
  for (const [name, schema] of schemas) {
    const others = [...schemas.values()].filter((other) => other !== schema);
    files.set(`${name}.mjs`, await validatorOf(schema, others));
    files.set(`${name}.d.mts`, await typesOf(schema));
    // Apart from the validator, which is large: not every function that needs the one needs the other.
    const paths = timestampPaths(schema, schema);
    if (paths.length > 0) files.set(`${name}-timestamps.ts`, timestampsOf(paths));
  }
  files.set('openapi.json', `${JSON.stringify(openapiOf(schemas), undefined, 2)}\n`);
  return files;
}

export const generatedFolder = join(root, 'functions/core/generated');

if (process.argv[1] === import.meta.filename) {
  await rm(generatedFolder, { recursive: true, force: true });
  await mkdir(generatedFolder, { recursive: true });
  for (const [name, content] of await generatedFiles()) await writeFile(join(generatedFolder, name), content);
}
