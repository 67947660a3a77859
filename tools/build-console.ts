/** Bundles the page to one script and one style sheet, beside its index.html. */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { drawStateMachine } from './draw-state-machine.ts';

const root = join(import.meta.dirname, '..');

export async function buildConsole(outdir: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ['console/main.tsx', 'console/main.css'],
    outdir,
    bundle: true,
    platform: 'browser',
    target: 'es2024',
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    legalComments: 'none',
    define: { MACHINE: JSON.stringify(drawStateMachine()) },
    logLevel: 'warning',
  });
  await copyFile(join(root, 'console/index.html'), join(outdir, 'index.html'));
}
