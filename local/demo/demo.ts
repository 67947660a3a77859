import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import type { Envelope } from '../aws/sns/envelope.ts';
import { type Stack, startStack } from '../stack.ts';
import { collectFiles, type SourceFile } from './files.ts';
import { createScreen, type Screen } from './screen.ts';
import { showJobs } from './show-jobs.ts';

const DEFAULT_FOLDER = join(import.meta.dirname, '../../node_modules/@aws-sdk');
/** Limit for the default folder; a folder from `--dir` has no limit. */
const DEFAULT_FILES = 2_000;
/** A wait of 15 s takes 0.25 s. */
const SPEED = 60;

/** `npm run demo`: three jobs on real files, from the upload to the completion report. Sets the exit code. */
export async function demo(options: string[]): Promise<void> {
  const { folder, limit, isKept } = readOptions(options);
  const files = await collectFiles(folder, limit);
  const screen = createScreen(process.stdout);
  const dataDir = await mkdtemp(join(tmpdir(), 'bucket-brigade-demo-'));
  const notices: Envelope[] = [];
  let stack: Stack | undefined;
  const cleanUp = async () => {
    await stack?.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void cleanUp().finally(() => process.exit(130)));
  process.stdout.on('error', () => {}); // the reader of the output has closed it; the folder must still be removed
  try {
    const onNotice = (notice: Envelope) => {
      notices.push(notice);
      screen.line(`  ${screen.style('cyan', 'notice')}  ${notice.Subject}`);
    };
    screen.line(titleOf(screen, files, folder));
    stack = await startStack({ dataDir, speed: SPEED, onNotice, log: () => {} });
    const isCorrect = await showJobs({ stack, files, notices, screen });
    process.exitCode = isCorrect ? 0 : 1;
    screen.line(nextStep(stack, isKept));
    if (isKept) await new Promise(() => {}); // until Ctrl-C
  } finally {
    await cleanUp();
  }
}

const nextStep = ({ apiUrl }: Stack, isKept: boolean): string =>
  isKept
    ? `\nThe jobs stay until Ctrl-C. See them at ${apiUrl}/console`
    : '\nTo see these jobs in a browser: npm run demo -- --keep\nTo run your own: npm start, then open http://localhost:3000/console';

function readOptions(args: string[]): { folder: string; limit: number; isKept: boolean } {
  const { dir, keep = false } = parseOptions(args);
  return dir === undefined
    ? { folder: DEFAULT_FOLDER, limit: DEFAULT_FILES, isKept: keep }
    : { folder: dir, limit: Number.POSITIVE_INFINITY, isKept: keep };
}

function parseOptions(args: string[]): { dir?: string; keep?: boolean } {
  try {
    return parseArgs({ args, options: { dir: { type: 'string' }, keep: { type: 'boolean' } } }).values;
  } catch (error) {
    throw new Error(`${(error as Error).message}. Usage: npm run demo -- --dir PATH --keep`);
  }
}

const titleOf = ({ style }: Screen, files: readonly SourceFile[], folder: string) =>
  `\n${style('bold', 'Bucket Brigade')}: three jobs on ${files.length.toLocaleString('en-US')} files of ${relative('', folder) || '.'}\n`;
