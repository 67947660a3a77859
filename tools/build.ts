/** Bundles every function in `functions/*.ts`, with its dependencies, to `OUTDIR/NAME/index.mjs`. Local runs use the same bundles. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { build, type Plugin } from 'esbuild';

const root = join(import.meta.dirname, '..');

export async function functionNames(): Promise<string[]> {
  const entries = await readdir(join(root, 'functions'), { withFileTypes: true });
  return entries.filter((e) => e.isFile() && e.name.endsWith('.ts')).map((e) => parse(e.name).name);
}

/**
 * Lets esbuild remove the schemas of SDK calls that a function does not make. A schema with a computed name, such as
 * `{ [_h]: … }` after `const _h = "http"`, could have side effects, so esbuild would keep it.
 */
const unusedSchemas: Plugin = {
  name: 'unused-schemas',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[/\\]dist-es[/\\]schemas[/\\]schemas_0\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const constants = new Map(
        [...text.matchAll(/^const (\w+) = ("\w+");$/gm)].map(([, name, value]) => [name, value]),
      );
      return {
        contents: text.replaceAll(/\[(\w+)\]:/g, (key, name) =>
          constants.has(name) ? `${constants.get(name)}:` : key,
        ),
      };
    }),
};

/** Returns the input files of all bundles, relative to the repository. */
export async function bundle(outdir: string): Promise<string[]> {
  const names = await functionNames();
  for (const name of names) await rm(join(outdir, name), { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: names.map((name) => ({
      in: `functions/${name}.ts`,
      out: `${name}/index`,
    })),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'], // the SDK's ESM builds: smaller, and no dynamic require in an .mjs
    alias: {
      '@aws-sdk/credential-provider-node': './tools/lambda-sdk.ts',
      '@smithy/core/event-streams': './tools/lambda-sdk.ts',
    },
    plugins: [unusedSchemas],
    minify: true,
    keepNames: true, // Step Functions and the logs match on the names of errors
    legalComments: 'none',
    sourcemap: 'linked', // beside the bundle and not packaged: tools/symbolize.ts reads it
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs);
}

if (process.argv[1] === import.meta.filename) await bundle(join(root, 'dist'));
