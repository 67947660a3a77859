import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** The file with the parameters of a stage, relative to the folder of serverless.yml. */
export const stageFileOf = (stage: string) => `stages/${stage}.yml`;

/**
 * The parameters in the file of a stage, as texts, as `--param` has them; the entries of a list are joined by commas.
 * A parameter without a value is left out. Undefined if the stage has no file; throws if the file is not YAML.
 */
export function stageParameters(folder: string, stage: string): Record<string, string> | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, stageFileOf(stage)), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const given = Object.entries((parse(text) ?? {}) as Record<string, unknown>);
  return Object.fromEntries(
    given.filter(([, value]) => value !== null).map(([name, value]) => [name, String(value)]),
  );
}
