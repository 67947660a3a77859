import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const filesUnder = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && /\.tsx?$/.test(e.name))
    .map((e) => relative(root, join(e.parentPath, e.name)));

const importsOf = (file: string): string[] =>
  [
    ...readFileSync(join(root, file), 'utf8').matchAll(
      /^(?:import|export)\s[^'"]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm,
    ),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
const resolved = (file: string, path: string) =>
  path.startsWith('.') ? relative(root, join(root, file, '..', path)) : path;

/** `functions/aws/x.ts` is of room aws, `functions/x.ts` of room handlers. */
const roomOf = (path: string) => /^functions\/(aws\/objects|\w+)\//.exec(path)?.[1] ?? 'handlers';

const mayImport: Record<string, string[]> = {
  handlers: ['http', 'worker', 'aws', 'aws/objects', 'domain', 'core'],
  http: ['http', 'domain', 'core'],
  aws: ['aws', 'domain', 'core'],
  'aws/objects': ['aws/objects', 'aws', 'worker'],
  domain: ['domain', 'core'],
  worker: ['worker'],
  core: ['core'],
};
/** The worker sorts errors and explains faults as the orchestrator does. These files import nothing else. */
const SHARED_WITH_WORKER = ['retryable-errors.ts', 'schema-advice.ts', 'nearest.ts'].map(
  (file) => `functions/core/${file}`,
);

test('imports in functions/ point one way, and no function file imports another', () => {
  const wrong = filesUnder('functions').flatMap((file) =>
    importsOf(file)
      .map((path) => resolved(file, path))
      .filter((target) => target.startsWith('functions/'))
      .filter((target) => !mayImport[roomOf(file)]?.includes(roomOf(target)))
      .filter((target) => roomOf(file) !== 'worker' || !SHARED_WITH_WORKER.includes(target))
      .map((target) => `${file} → ${target}`),
  );
  expect(wrong).toEqual([]);
  for (const file of SHARED_WITH_WORKER)
    expect(SHARED_WITH_WORKER).toEqual(
      expect.arrayContaining(importsOf(file).map((path) => resolved(file, path))),
    );
});

test('functions/aws/objects imports only types of the worker, and nothing that changes exceptions', () => {
  const files = filesUnder('functions/aws/objects');
  const valueImports = files.flatMap((file) =>
    [
      ...readFileSync(join(root, file), 'utf8').matchAll(
        /^import (?!type )[^;]*?from '([^']*\/worker\/[^']+)'/gm,
      ),
    ].map(([, path]) => `${file} → ${path}`),
  );
  expect(valueImports).toEqual([]);
  const fromAws = files
    .flatMap((file) => importsOf(file).map((path) => resolved(file, path)))
    .filter((target) => roomOf(target) === 'aws' && target.startsWith('functions/'));
  const changing = fromAws.filter((target) =>
    importsOf(target).some((path) => /known-errors|\/errors\.ts/.test(path)),
  );
  expect([...fromAws.filter((target) => target.endsWith('known-errors.ts')), ...changing]).toEqual([]);
});

/** The rooms of local/ and what each may import. A file is of the room with the longest name that its path begins with. */
const localRooms: Record<string, string[]> = {
  core: [],
  store: ['core'],
  lambda: ['core'],
  events: ['core', 'lambda'],
  gateway: ['core', 'lambda'],
  serverless: ['core', 'lambda', 'events', 'gateway'],
  batch: ['core', 'store', 'lambda'],
  states: ['core', 'store', 'lambda', 'states/calls', 'states/definition', 'states/run', 'states/store'],
  'states/calls': ['core', 'states', 'states/definition', 'states/store'],
  'states/run': [
    'core',
    'lambda',
    'store',
    'states',
    'states/definition',
    'states/expressions',
    'states/store',
  ],
  'states/definition': ['states', 'states/expressions'],
  'states/expressions': ['core', 'states'],
  'states/store': ['store', 'states'],
  aws: ['core', 'aws/protocol'],
  'aws/protocol': ['core'],
  'aws/s3': ['core', 'store', 'batch', 'aws/protocol'],
  'aws/s3control': ['core', 'batch', 'aws/protocol'],
  'aws/secrets': ['core', 'store', 'aws/protocol'],
  'aws/sns': ['core', 'store', 'aws', 'aws/protocol'],
  'aws/states': ['core', 'states', 'aws/protocol'],
  faults: ['core', 'lambda', 'batch', 'aws/protocol'],
  demo: ['core', 'aws/sns', ''],
};
const localRoomOf = (path: string) =>
  Object.keys(localRooms)
    .filter((room) => path.startsWith(`local/${room}/`))
    .sort((a, b) => b.length - a.length)[0] ?? '';

test('imports in local/ point one way: only the files at its top may import every room', () => {
  const wrong = filesUnder('local').flatMap((file) => {
    const room = localRoomOf(file);
    return importsOf(file)
      .map((path) => resolved(file, path))
      .filter((target) => target.startsWith('local/'))
      .filter((target) => room !== '' && localRoomOf(target) !== room)
      .filter((target) => !localRooms[room]?.includes(localRoomOf(target)))
      .map((target) => `${file} → ${target}`);
  });
  expect(wrong).toEqual([]);
});

/** The files that import themselves over others: what is left without those that import, or are imported by, none. */
function inCircles(files: readonly string[]): string[] {
  const targets = new Map(files.map((file) => [file, importsOf(file).map((path) => resolved(file, path))]));
  const imports = (file: string, among: readonly string[]) =>
    targets.get(file)?.some((target) => among.includes(target)) ?? false;
  let left = [...files];
  for (;;) {
    const importers = left.filter((file) => imports(file, left));
    const kept = importers.filter((file) => importers.some((importer) => imports(importer, [file])));
    if (kept.length === left.length) return kept;
    left = kept;
  }
}

test('no files of functions/ or local/ import each other in a circle, not even types', () => {
  expect(inCircles([...filesUnder('functions'), ...filesUnder('local')])).toEqual([]);
});

test('functions/ and local/ do not import each other', () => {
  const wrong = [...filesUnder('functions'), ...filesUnder('local')].flatMap((file) =>
    importsOf(file)
      .map((path) => resolved(file, path))
      .filter((target) => target.startsWith(file.startsWith('local/') ? 'functions/' : 'local/'))
      .map((target) => `${file} → ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('the command line and the page know the API by its types only', () => {
  const wrong = [...filesUnder('cli'), ...filesUnder('console')].flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/^import (type )?[^;]*?from '(\.[^']+)'/gm)].flatMap(
      ([, isType, path = '']) => {
        const target = resolved(file, path);
        // tools/manual.ts reads the commands of docs/cli.md when the command line is built.
        const isContract = isType && /^functions\/core\/generated\/|^tools\/manual\.ts$/.test(target);
        const isOwn = /^(cli|console)\/|^package\.json$/.test(target);
        return isContract || isOwn ? [] : [`${file} → ${target}`];
      },
    ),
  );
  expect(wrong).toEqual([]);
});

test('only functions/aws imports the AWS SDK', () => {
  const wrong = filesUnder('functions').filter(
    (file) => !roomOf(file).startsWith('aws') && importsOf(file).some((path) => path.startsWith('@aws-sdk/')),
  );
  expect(wrong).toEqual([]);
});

test('the domain is pure: no AWS, middy, logger, environment or clock', () => {
  for (const file of filesUnder('functions/domain')) {
    const packages = importsOf(file).filter((path) => !path.startsWith('.'));
    expect({ file, packages: packages.filter((path) => path !== 'node:crypto') }).toEqual({
      file,
      packages: [],
    });
    const code = readFileSync(join(root, file), 'utf8');
    expect({
      file,
      found: /process\.env|Date\.now|new Date\(\)|Math\.random|\/(env|logger)\.ts/.exec(code)?.[0],
    }).toEqual({
      file,
      found: undefined,
    });
  }
});

test('only functions/core/env.ts reads the environment of a function', () => {
  const readers = filesUnder('functions').filter((file) =>
    readFileSync(join(root, file), 'utf8').includes('process.env'),
  );
  expect(readers).toEqual(['functions/core/env.ts']);
});

test('local/ takes time and randomness from its clock and its random source only', () => {
  const allowed = ['local/core/clock.ts', 'local/core/random.ts'];
  const wrong = filesUnder('local')
    .filter((file) => !allowed.includes(file))
    .filter((file) =>
      /\bDate\.now\(|(?<!\.)\b(setTimeout|setInterval)\(|Math\.random\(|randomUUID|randomBytes/.test(
        readFileSync(join(root, file), 'utf8'),
      ),
    );
  expect(wrong).toEqual([]);
});
