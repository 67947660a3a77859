/**
 * Finds retired words in prose, identifiers and file names: `node tools/language.ts [PATH ...]`. Each of them was once a
 * private metaphor of this project. Names are split into their words first: `lookAtBucket` is `look At Bucket`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** A pattern over the words of a text in lower case, and what to write instead. */
const retiredWords: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\blook(?:s|ed|ing)?\b(?! ?up\b)/, 'poll (one status poll); check, inspect, read'],
  [/\b(?:un)?seen\b|\bcan ?not see\b|\bsees\b/, 'observed, found, read, described; unreadable'],
  [/\bsights?\b/, 'facts'],
  [/\b(?:told|tells?|telling)\b/, 'notified, informs, says, names'],
  [/\b(?:places?|placed|placing|placements?)\b/, 'location, store, put; Deployment; position'],
  [/\bbreakdowns?\b/, 'stopped watch'],
  [/\bflights?\b|\bland(?:s|ed|ing|ings)?\b/, 'pending, in progress, completed'],
  [/\bsound(?:s|ed|ness)?\b/, 'healthy, valid'],
  [/\baround\b/, 'wrap; near; about'],
  [/\bmend(?:s|ed|ing|able)?\b/, 'fix, retryable'],
  [/\b(?:go|goes|going|gone|went) on\b|\bgoing\b/, 'continue, resume, still running'],
  [/\bblind(?:ness|ly)?\b/, 'unreadable'],
  [/\b(?:life|lives)\b/, 'run, runs'],
  [/\bmischief\b/, 'a plain word'],
  [/\bwho would rather\b/, 'to … instead of …'],
  [/\bas they are given\b/, 'unchanged'],
  [/\bcomes? to the same\b/, 'is equivalent, is idempotent'],
  [/\bnobody'?s to\b/, 'may not be …'],
  [/\bis of no use to\b/, 'does not help'],
  [/\bhas not the\b/, 'lacks'],
  [/\bwhat should be\b/, 'the plain fault'],
  [/\bmust be there\b/, 'is required'],
];

/** Words that are not ours: of AWS, of a standard, of a library. Each pattern fits the words in their line. */
const allowed: readonly (readonly [words: RegExp, why: string])[] = [
  [/fish seen subcommand from/, 'a function of the shell fish'],
];

/** Files with words that are not our prose. */
const exempt: readonly (readonly [path: RegExp, why: string])[] = [
  [/^(tools|test)\/language\.(test\.)?ts$/, 'list the words'],
  [/(^|\/)generated\//, 'is made of schemas/'],
  [/^package-lock\.json$/, 'names packages'],
  [/^LICENSE$/, 'is a licence'],
  [/^test\/local\/aws\/protocol\/captures\//, 'was recorded from AWS'],
];

export interface RetiredWord {
  file: string;
  /** 0 for the name of the file. */
  line: number;
  word: string;
  instead: string;
}

/** The words of a text, line by line as in the text: `unseenSince` is `unseen since`, `not-there` is `not there`. */
const wordsOf = (text: string): string =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace(/[-_]/g, ' ')
    .replaceAll('’', "'")
    .toLowerCase();

/** A phrase may continue in the next line of a paragraph or comment. */
const acrossLines = (pattern: RegExp) =>
  new RegExp(pattern.source.replaceAll(' ?', '(?:\\s|[*/#>])*').replaceAll(' ', '(?:\\s|[*/#>])+'), 'g');

const searched = retiredWords.map(([pattern, instead]) => ({ pattern: acrossLines(pattern), instead }));

/** The retired words in a text that has a file name. */
export function retiredWordsIn(file: string, text: string): RetiredWord[] {
  const words = wordsOf(`${file}\n${text}`);
  const lines = words.split('\n');
  return searched.flatMap(({ pattern, instead }) =>
    [...words.matchAll(pattern)].flatMap(({ 0: word, index }) => {
      const line = words.slice(0, index).split('\n').length - 1;
      const isAllowed = allowed.some(([fit]) => fit.test(lines[line] ?? ''));
      return isAllowed ? [] : [{ file, line, word: word.replace(/\s+/g, ' '), instead }];
    }),
  );
}

/** The retired words in the tracked files below the given paths; everywhere without a path. */
export function retiredWordsBelow(...paths: string[]): RetiredWord[] {
  const files = execFileSync('git', ['ls-files', '-z', '--', ...paths], { cwd: root, encoding: 'utf8' });
  return files
    .split('\0')
    .filter((file) => file && !exempt.some(([path]) => path.test(file)))
    .flatMap((file) => {
      const bytes = readFileSync(join(root, file));
      return bytes.includes(0) ? [] : retiredWordsIn(file, bytes.toString());
    });
}

if (process.argv[1] === import.meta.filename) {
  const found = retiredWordsBelow(...process.argv.slice(2));
  for (const { file, line, word, instead } of found) console.log(`${file}:${line}: ${word} (${instead})`);
  console.log(`${found.length} retired words`);
}
