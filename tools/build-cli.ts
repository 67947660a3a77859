/** Bundles the command line to dist/cli/bucket-brigade.mjs, and the page beside it; npm runs this after an install and before a pack. */
import { chmod, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import openapi from '../functions/core/generated/openapi.json' with { type: 'json' };
import { buildConsole } from './build-console.ts';
import { readManual } from './manual.ts';

const root = join(import.meta.dirname, '..');

const routes = Object.entries(openapi.paths).flatMap(([path, calls]) =>
  Object.keys(calls).map((method) => `${method.toUpperCase()} ${path}`),
);

/** The first block below each heading that names an operation. */
async function readTemplates(): Promise<Record<string, object>> {
  const cookbook = await readFile(join(root, 'docs/cookbook.md'), 'utf8');
  const blocks = cookbook.matchAll(/^### (S3\w+|LambdaInvoke)\n.*?^```json\n(.*?)^```/gms);
  return Object.fromEntries(
    [...blocks].map(([, name = '', body = '']) => [name, JSON.parse(body) as object]),
  );
}

/** Returns the path of the program. */
export async function buildCli(outdir = join(root, 'dist/cli')): Promise<string> {
  const outfile = join(outdir, 'bucket-brigade.mjs');
  const templates = await readTemplates();
  const manual = readManual(Object.keys(templates));
  await rm(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: { 'bucket-brigade': 'cli/main.ts' },
    outdir,
    outExtension: { '.js': '.mjs' },
    splitting: true, // what only some commands need, such as the SDK, is read when they run
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    legalComments: 'none',
    define: {
      ROUTES: JSON.stringify(routes),
      TEMPLATES: JSON.stringify(templates),
      MANUAL: JSON.stringify(manual),
    },
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'warning',
  });
  await chmod(outfile, 0o755);
  await buildConsole(join(outdir, 'console'));
  return outfile;
}

if (process.argv[1] === import.meta.filename) await buildCli();
