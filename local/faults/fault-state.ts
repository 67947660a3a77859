import { createRandom } from '../core/random.ts';
import type { Fault, FaultMatch } from './fault.ts';

/** One call, invocation, task or job that a fault may strike. */
export interface Occasion {
  action: string;
  bucket?: string | undefined;
  key?: string | undefined;
  jobId?: string | undefined;
  functionName?: string | undefined;
  /** Set for a job that is older than the fault: only faults with a `jobId` apply to it. */
  isOld?: boolean;
}

/** A fault with its counters. */
export interface FaultState {
  readonly fault: Fault & { id: string };
  /** Occasions that matched. */
  readonly matched: number;
  /** Matched occasions that were struck. */
  readonly struck: number;
  /** Counts the occasion and returns whether the fault strikes it. */
  strikes(occasion: Occasion): boolean;
}

/** Each fault has its own source of random numbers, so that one more fault changes nothing for the others. */
export function createFaultState(fault: Fault & { id: string }, seed: string): FaultState {
  const { after = 0, every = 1, share = 1, times = Number.POSITIVE_INFINITY } = fault;
  const random = createRandom(`${seed}/${fault.id}`);
  const matches = matcherOf(fault, seed);
  let matched = 0;
  let struck = 0;
  return {
    fault,
    get matched() {
      return matched;
    },
    get struck() {
      return struck;
    },
    strikes(occasion) {
      if (struck === times || !matches(occasion)) return false;
      matched++;
      if (matched <= after || (matched - after) % every !== 0) return false;
      if (share < 1 && random.next() >= share) return false;
      struck++;
      return true;
    },
  };
}

type Matcher = (occasion: Occasion) => boolean;

function matcherOf({ id, action, match = {} }: Fault & { id: string }, seed: string): Matcher {
  const { objectShare = 1 } = match;
  const texts = (['bucket', 'key', 'jobId', 'functionName'] as const).flatMap((name) =>
    match[name] === undefined ? [] : [textMatcher(name, match[name])],
  );
  return (occasion) =>
    (action === undefined || action === occasion.action) &&
    (!occasion.isOld || match.jobId !== undefined) &&
    texts.every((matches) => matches(occasion)) &&
    (objectShare === 1 || isInShare(`${seed}/${id}`, objectShare, occasion));
}

/** Depends on the object alone, so the same objects are affected in any order and at every use. */
function isInShare(seed: string, share: number, { bucket, key }: Occasion): boolean {
  return key !== undefined && createRandom(`${seed}/${bucket}/${key}`).next() < share;
}

function textMatcher(name: Exclude<keyof FaultMatch, 'objectShare'>, pattern: string): Matcher {
  const matches = wildcard(pattern);
  return ({ [name]: value }) => value !== undefined && matches(value);
}

/** `*` stands for any number of characters. */
function wildcard(pattern: string): (text: string) => boolean {
  const [start = '', ...parts] = pattern.split('*');
  const end = parts.pop();
  if (end === undefined) return (text) => text === pattern;
  return (text) => {
    if (!text.startsWith(start)) return false;
    let at = start.length;
    for (const part of parts) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return text.length - end.length >= at && text.endsWith(end);
  };
}
