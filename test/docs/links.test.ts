import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const proseOf = (page: string) => read(page).replace(/^ *```.*?^ *```/gms, '');

/** The anchors of a page, as GitHub makes them of its headings. */
const anchorsOf = (page: string) =>
  [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** The links of a page to files of the repository, with their anchors. */
const linksOf = (page: string) =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^https?:/.test(target))
    .map((target) => {
      const [path = '', anchor] = target.split('#');
      return { target, file: path === '' ? page : relative(root, join(root, dirname(page), path)), anchor };
    });

test.each(pages)('every link in %s leads to a file, and to a heading if it names one', (page) => {
  const broken = linksOf(page).filter(
    ({ file, anchor }) =>
      !existsSync(join(root, file)) || (anchor !== undefined && !anchorsOf(file).includes(anchor)),
  );
  expect(broken).toEqual([]);
});

test('docs/README.md lists every page', () => {
  const listed = linksOf('docs/README.md').map(({ file }) => file);
  expect(pages.filter((page) => page.startsWith('docs/') && !listed.includes(page))).toEqual([
    'docs/README.md',
  ]);
});

describe('docs/architecture.md names', () => {
  const page = 'docs/architecture.md';

  test('only files and folders that exist', () => {
    const named = [...proseOf(page).matchAll(/`([\w.-]+\/[\w./-]*)`/g)].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  /** The steps of the numbered lists: each with the files that it names and the functions. */
  const steps = [...proseOf(page).matchAll(/^\d+\. .*\n(?: {2,}.*\n)*/gm)].map(([text]) => ({
    files: [...text.matchAll(/\]\(\.\.\/([^)#]+)\)/g)].map(([, file = '']) => file),
    functions: [...text.matchAll(/`(\w+)\(\)`/g)].map(([, name = '']) => name),
  }));

  test('in each step only functions that one of its files exports', () => {
    const missing = steps.flatMap(({ files, functions }) =>
      functions.filter(
        (name) =>
          !files.some((file) =>
            new RegExp(`^export (async )?(function\\*?|const) ${name}\\b`, 'm').test(read(file)),
          ),
      ),
    );
    expect(steps.flatMap(({ functions }) => functions).length).toBeGreaterThan(30);
    expect(missing).toEqual([]);
  });
});
