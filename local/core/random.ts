import { createHash, randomBytes } from 'node:crypto';

/** The source of randomness of `local/`. No other file may call `Math.random` or `crypto.random*`. */
export interface Random {
  /** At least 0, less than 1. */
  next(): number;
  /** `length` lower-case hexadecimal digits. */
  hex(length: number): string;
  /** A version 4 UUID. */
  uuid(): string;
}

const DIGITS = '0123456789abcdef';

/** The same seed gives the same sequence. Without a seed, the sequence differs in every process. */
export function createRandom(seed: string = randomBytes(16).toString('hex')): Random {
  let state = createHash('sha256').update(seed).digest().readUInt32LE();
  // mulberry32: 32 bits of state, enough for ids and jitter of one process.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const hex = (length: number) => {
    let digits = '';
    for (let i = 0; i < length; i++) digits += DIGITS[Math.floor(next() * 16)];
    return digits;
  };
  return {
    next,
    hex,
    uuid: () => {
      const variant = (8 + Math.floor(next() * 4)).toString(16);
      return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
    },
  };
}
