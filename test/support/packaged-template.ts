import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a CloudFormation document has no types of its own
  Properties: any;
  DependsOn?: string | string[];
}

export type Resources = Record<string, Resource>;

export const root = join(import.meta.dirname, '../..');

/** Packages the service with no AWS account, as `npm run package` does, and returns the template's resources. */
export function packageStack(...params: string[]): Resources {
  const folder = mkdtempSync(join(tmpdir(), 'bucket-brigade-package-'));
  try {
    const args = ['node_modules/serverless/bin/serverless.js', 'package', '--package', folder, ...params];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], SLS_TELEMETRY_DISABLED: '1' },
    });
    if (status !== 0) throw new Error(`serverless package failed:\n${stdout}\n${stderr}`);
    const text = readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8');
    return JSON.parse(text).Resources;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const ofType = (resources: Resources, type: string) =>
  Object.entries(resources).filter(([, resource]) => resource.Type === type);
