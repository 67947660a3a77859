import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const cache = join(root, 'node_modules/.cache/bucket-brigade');
/** Lists the input files of the newest bundles. */
const inputsFile = join(cache, 'inputs.json');
/** Number of kept bundle folders. A running stack may still load bundles of older sources. */
const KEPT_BUNDLES = 5;

/**
 * Folder with the bundles of all functions, `NAME/index.mjs`, as they are deployed, and their source maps. They are
 * rebuilt only when a source file, a dependency or the bundler's settings have changed.
 */
export async function ensureBundles(): Promise<string> {
  const known = await readInputs();
  const folder = known && join(cache, await hash(known));
  return folder !== undefined && (await exists(folder)) ? folder : makeBundles();
}

async function makeBundles(): Promise<string> {
  const { bundle } = await import('../tools/build.ts');
  await mkdir(cache, { recursive: true });
  // Another stack may do the same at this moment. The first one to rename its folder wins.
  const building = await mkdtemp(join(cache, 'making-'));
  const inputs = (await bundle(building)).filter((file) => !file.startsWith('node_modules/')).sort();
  const folder = join(cache, await hash(inputs));
  await rename(building, folder).catch(() => rm(building, { recursive: true, force: true }));
  await writeFile(`${building}.json`, JSON.stringify(inputs));
  await rename(`${building}.json`, inputsFile);
  await removeOldBundles();
  return folder;
}

async function readInputs(): Promise<string[] | undefined> {
  try {
    return JSON.parse(await readFile(inputsFile, 'utf8')) as string[];
  } catch {
    return undefined;
  }
}

/** Hash of everything that the bundles depend on. The lock file represents `node_modules`. */
async function hash(inputs: readonly string[]): Promise<string> {
  const digest = createHash('sha256').update((await readdir(join(root, 'functions'))).join());
  for (const file of ['package-lock.json', 'tools/build.ts', 'local/bundles.ts', ...inputs]) {
    digest.update(file).update(await readFile(join(root, file)).catch(() => ''));
  }
  return digest.digest('hex').slice(0, 16);
}

async function removeOldBundles() {
  const names = (await readdir(cache)).filter((name) => /^[0-9a-f]{16}$/.test(name));
  const aged = await Promise.all(
    names.map(async (name) => ({ name, madeAt: (await stat(join(cache, name))).mtimeMs })),
  );
  aged.sort((a, b) => b.madeAt - a.madeAt);
  for (const { name } of aged.slice(KEPT_BUNDLES))
    await rm(join(cache, name), { recursive: true, force: true });
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
