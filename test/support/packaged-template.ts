import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inflateRawSync } from 'node:zlib';
import { parse, stringify } from 'yaml';
import { createVariables } from '../../local/serverless/variables.ts';
import { addRoles, frameworkIdOf } from '../../tools/roles.ts';
import type { Statement } from '../../tools/statements.ts';

export interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a CloudFormation document has no types
  Properties: any;
  DependsOn?: string | string[];
}

export type Resources = Record<string, Resource>;

export const root = join(import.meta.dirname, '../..');

/**
 * Runs `work` while no other process packages: the framework always writes to `.serverless` and `dist`. The lock is that
 * of a database, so a process that is killed lets go of it.
 */
function alone<T>(work: () => T): T {
  const folder = join(root, 'node_modules/.cache');
  mkdirSync(folder, { recursive: true });
  const lock = new DatabaseSync(join(folder, 'packaging.sqlite'));
  try {
    lock.exec('PRAGMA busy_timeout = 300000; BEGIN EXCLUSIVE');
    return work();
  } finally {
    lock.close();
  }
}

/** Runs the framework without an AWS account. Returns what it prints, or throws with it. */
function runFramework(...args: string[]): { stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/serverless/bin/serverless.js', ...args],
    {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], SLS_TELEMETRY_DISABLED: '1' },
    },
  );
  if (status !== 0) throw new Error(`serverless ${args.join(' ')} failed:\n${stdout}\n${stderr}`);
  return { stdout, stderr };
}

export interface Package {
  resources: Resources;
  /** Contents by file name. */
  zips: Map<string, Buffer>;
  /** What the framework prints besides results. */
  notes: string;
  /** Tags of the stack, besides those of the framework. */
  tags: Record<string, string> | undefined;
}

/** Packages the service as `npm run package` does. */
export const packageStack = (...params: string[]): Package => alone(() => packageService(params));

/** Packages a stage whose parameters are in a file. */
export const packageStage = (stage: string, parameters: object): Package =>
  alone(() => {
    const file = join(root, 'stages', `${stage}.yml`);
    writeFileSync(file, stringify(parameters));
    try {
      return packageService([`--stage=${stage}`]);
    } finally {
      rmSync(file);
    }
  });

function packageService(params: readonly string[]): Package {
  const folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-package-'));
  try {
    const { stderr: notes } = runFramework('package', '--package', folder, ...params);
    const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const { Resources: resources } = read('cloudformation-template-update-stack.json');
    const { stackTags: tags } = read('serverless-state.json').service.provider;
    const zips = readdirSync(folder).filter((name) => name.endsWith('.zip'));
    const contents = new Map(zips.map((name) => [name, readFileSync(join(folder, name))]));
    return { resources, zips: contents, notes, tags };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The environment of a packaged function: that of the template, and what its bundle sets when Node loads it. Values of
 * CloudFormation are as in the template.
 */
export function environmentOf(name: string, { resources, zips }: Package): Record<string, unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-bundle-'));
  try {
    const zip = zips.get(`${name}.zip`) ?? Buffer.alloc(0);
    // A zip begins with the header of its first file: 30 bytes, and two texts with their lengths at bytes 26 and 28.
    const start = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28);
    writeFileSync(join(folder, 'index.mjs'), inflateRawSync(zip.subarray(start)));
    const code = "await import('./index.mjs'); console.log(JSON.stringify(process.env));";
    const args = ['--input-type=module', '--eval', code];
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: {} });
    const ofTemplate = resources[frameworkIdOf(name, 'LambdaFunction')]?.Properties.Environment.Variables;
    return { ...ofTemplate, ...JSON.parse(stdout) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** serverless.yml with all variables resolved, as the framework reads it. */
// biome-ignore lint/suspicious/noExplicitAny: the document has no types
export function resolveServerlessYml(...params: string[]): any {
  const { stdout: printed } = runFramework('print', '--format', 'json', ...params);
  return JSON.parse(printed.slice(printed.indexOf('{')));
}

export const ofType = (resources: Resources, type: string) =>
  Object.entries(resources).filter(([, resource]) => resource.Type === type);

/**
 * The resources of serverless.yml with the roles of the functions, as packaging makes them. Of the framework's own
 * resources there are only names of functions and log groups. Faster than packaging.
 */
export function rolesOf(params: Readonly<Record<string, string>> = {}, stage = 'dev'): Resources {
  const file = join(root, 'serverless.yml');
  const yml = parse(readFileSync(file, 'utf8'), { merge: true });
  const sources = { folder: root, stage, params, paramDefaults: {}, options: {} };
  const { at, params: given } = createVariables(yml, sources);
  const names = Object.keys(yml.functions);
  const resources = at('resources.Resources') as Resources;
  const permissionsOf = (name: string) => at(`functions.${name}.permissions`) as Statement[];
  addRoles(
    {
      functions: Object.fromEntries(names.map((name) => [name, { permissions: permissionsOf(name) }])),
      resources: { Resources: resources },
    },
    given(),
  );
  for (const name of names)
    for (const [kind, type] of [
      ['LambdaFunction', 'AWS::Lambda::Function'],
      ['LogGroup', 'AWS::Logs::LogGroup'],
    ] as const)
      resources[frameworkIdOf(name, kind)] = { Type: type, Properties: {} };
  return resources;
}
