/**
 * `npm run symbolize [-- FILE]`: replaces the positions in bundles of a stack trace, `dist/NAME/index.mjs:LINE:COLUMN`,
 * by files and lines of the sources. Reads the file or the standard input; a line of a JSON log will do. The source maps
 * are those of `npm run build` or `npm run package`, which must have run on the sources that are deployed.
 */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = join(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { maps: { type: 'string', default: join(root, 'dist') } },
});

const POSITION = /(?:file:\/\/)?[^\s()"]*?([\w-]+)\/index\.mjs:(\d+)(?::(\d+))?/g;
const maps = new Map<string, SourceMap | undefined>();

function mapOf(name: string): SourceMap | undefined {
  if (!maps.has(name)) maps.set(name, readMap(join(values.maps, name, 'index.mjs.map')));
  return maps.get(name);
}

function readMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    console.error(
      `symbolize: ${error instanceof Error ? error.message : error}. Run \`npm run build\` first.`,
    );
    process.exitCode = 1;
    return undefined;
  }
}

/** Where a position in a bundle comes from, relative to the repository; undefined when the map does not say. */
function sourceOf(name: string, line: number, column: number): string | undefined {
  // A SourceMap counts lines and columns from 0.
  const found = mapOf(name)?.findEntry(line - 1, column - 1);
  if (!found || !('originalSource' in found)) return undefined;
  const file = relative(root, resolve(dirname(join(values.maps, name, 'index.mjs')), found.originalSource));
  return `${file}:${found.originalLine + 1}:${found.originalColumn + 1}`;
}

const [file] = positionals;
const trace = readFileSync(file ?? process.stdin.fd, 'utf8');
process.stdout.write(
  trace
    .replaceAll(/\\n(?= {4}at )/g, '\n')
    .replaceAll(POSITION, (text, name, line, column = '1') => sourceOf(name, +line, +column) ?? text),
);
