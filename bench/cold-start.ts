import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { bundle } from '../tools/build.ts';
import { type Bench, type BenchSettings, ratio } from './bench.ts';
import { figureOf, interleave } from './figures.ts';
import { type FirstCall, recordFirstCalls } from './fixtures/first-calls.ts';

const ROUNDS = 9;
const ROOT = join(import.meta.dirname, '..');
const FIRST_CALL = join(import.meta.dirname, 'functions/first-call.mjs');

export const coldStart: Bench = {
  name: 'cold-start',
  title:
    'import and first call of each function, against the same function bundled with the defaults of esbuild',
  limitSeconds: 600,
  run,
};

/** Compiles the schemas of bodies and arguments when a function starts, as is usual with ajv. */
const validatorsAtRunTime: Plugin = {
  name: 'validators-at-run-time',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[/\\]generated[/\\][\w-]+\.mjs$/ }, async ({ path }) => {
      const [, argumentTypes] =
        /argumentTypes: (\{.*\})/.exec(await readFile(path.replace(/\.mjs$/, '.d.mts'), 'utf8')) ?? [];
      const textOf = (name: string) => readFile(join(ROOT, 'schemas', `${name}.schema.json`), 'utf8');
      return {
        resolveDir: ROOT,
        contents: `import { Ajv2020 } from 'ajv/dist/2020.js';
          const ajv = new Ajv2020({ allErrors: true, verbose: true, strictRequired: false, allowUnionTypes: true });
          const schema = ${await textOf(argumentTypes ? `actions/${parse(path).name}` : parse(path).name)};
          export const argumentTypes = ${argumentTypes};
          export default ajv.compile(schema);`,
      };
    }),
};

/** The ordinary bundle of each function: the default chain of credential providers, CommonJS, not minified. */
const bundleOrdinarily = (names: readonly string[], outdir: string) =>
  build({
    absWorkingDir: ROOT,
    entryPoints: names.map((name) => ({ in: `functions/${name}.ts`, out: `${name}/index` })),
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    plugins: [validatorsAtRunTime],
  });

/** CPU milliseconds of a fresh process for the import and the first call. Waiting does not count. */
async function firstCallMs(file: string, { event, environment }: FirstCall): Promise<number> {
  const child = fork(FIRST_CALL, [pathToFileURL(file).href, event], {
    env: environment,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const exit = once(child, 'exit');
  const [ms] = (await Promise.race([once(child, 'message'), exit])) as [unknown];
  await exit;
  if (child.exitCode !== 0) throw new Error(`the first call of ${file} failed`);
  return Number(ms);
}

async function run({ scale, folder }: BenchSettings) {
  const { calls, close } = await recordFirstCalls(folder);
  try {
    const [ours, ordinary] = [join(folder, 'ours'), join(folder, 'ordinary')];
    await bundle(ours);
    await bundleOrdinarily(
      calls.map(({ name }) => name),
      ordinary,
    );
    const findings = [];
    for (const call of calls.slice(0, Math.ceil(calls.length * scale))) {
      const files = [join(ours, call.name, 'index.mjs'), join(ordinary, call.name, 'index.cjs')] as const;
      const sideOf = (name: string, file: string) => ({
        ...{ name, unit: 'ms of CPU' },
        measure: () => firstCallMs(file, call),
      });
      const zipOf = async (name: string, file: string) =>
        figureOf({ name: `${name}, zip`, unit: 'KB' }, [
          deflateRawSync(await readFile(file), { level: 9 }).length / 1000,
        ]);
      const [first, second] = await interleave(Math.ceil(ROUNDS * scale), [
        sideOf('ours', files[0]),
        sideOf('ordinary', files[1]),
      ]);
      const sizes = [await zipOf('ours', files[0]), await zipOf('ordinary', files[1])];
      const atMost = call.name === 'submit-job' ? 0.5 : 0.85;
      findings.push({
        what: call.name,
        figures: [first, second, ...sizes],
        verdict: ratio(first, second, { atMost }),
      });
    }
    return findings;
  } finally {
    await close();
  }
}
