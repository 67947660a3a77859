/** Reflected polynomials. */
const CRC64_NVME_LOW = 0xac4bc9b5 | 0;
const CRC64_NVME_HIGH = 0x9a6c9329 | 0;
const CRC32C = 0x82f63b78 | 0;

/** Takes a chunk apart: most of it as words, what does not fill a word as bytes. */
const updateBy =
  (addBytes: (bytes: Uint8Array) => void, addWords: (words: Int32Array) => void) => (chunk: Uint8Array) => {
    const { before, words, after } = split(chunk);
    addBytes(before);
    addWords(words);
    addBytes(after);
  };

/** Number of bytes that one step of the loops takes. Each has a table of its own. */
const STEP = 8;

/** An entry of a table. Every index is in range. */
const entry = (table: Int32Array, index: number): number => table[index] as number;

type Tables = readonly [low: Int32Array, high: Int32Array];

/** Table `n` has the CRC of each byte followed by `n` zero bytes, in a lower and an upper half. */
function createTables(polynomialLow: number, polynomialHigh: number): Tables {
  const low = new Int32Array(STEP * 256);
  const high = new Int32Array(STEP * 256);
  for (let byte = 0; byte < 256; byte++) {
    let l = byte;
    let h = 0;
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = (l & 1) === 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (!isOdd) continue;
      l ^= polynomialLow;
      h ^= polynomialHigh;
    }
    low[byte] = l;
    high[byte] = h;
  }
  for (let i = 256; i < STEP * 256; i++) {
    const l = entry(low, i - 256);
    const h = entry(high, i - 256);
    low[i] = ((l >>> 8) | (h << 24)) ^ entry(low, l & 255);
    high[i] = (h >>> 8) ^ entry(high, l & 255);
  }
  return [low, high];
}

// Constants of the module, because the loops below are faster with them.
const [L, H] = createTables(CRC64_NVME_LOW, CRC64_NVME_HIGH);
const [T] = createTables(CRC32C, 0);

/** The bytes of a chunk before, in and after the words that can be read at once. */
function split(chunk: Uint8Array): { before: Uint8Array; words: Int32Array; after: Uint8Array } {
  const start = Math.min(chunk.byteLength, -chunk.byteOffset & 3);
  const count = Math.floor((chunk.byteLength - start) / STEP) * 2;
  return {
    before: chunk.subarray(0, start),
    words: new Int32Array(chunk.buffer, count === 0 ? 0 : chunk.byteOffset + start, count),
    after: chunk.subarray(start + count * 4),
  };
}

/** CRC64NVME, eight bytes at a time in 32-bit halves: as fast as MD5, and three times as fast as the SDK's. */
export function createCrc64Nvme() {
  let low = -1;
  let high = -1;

  const addBytes = (bytes: Uint8Array) => {
    for (const byte of bytes) {
      const index = (low ^ byte) & 255;
      low = ((low >>> 8) | (high << 24)) ^ entry(L, index);
      high = (high >>> 8) ^ entry(H, index);
    }
  };

  const addWords = (words: Int32Array) => {
    let l = low;
    let h = high;
    for (let at = 0; at < words.length; at += 2) {
      const a = l ^ (words[at] as number);
      const b = h ^ (words[at + 1] as number);
      const i7 = 1792 + (a & 255);
      const i6 = 1536 + ((a >>> 8) & 255);
      const i5 = 1280 + ((a >>> 16) & 255);
      const i4 = 1024 + (a >>> 24);
      const i3 = 768 + (b & 255);
      const i2 = 512 + ((b >>> 8) & 255);
      const i1 = 256 + ((b >>> 16) & 255);
      const i0 = b >>> 24;
      l = (L[i7] as number) ^ (L[i6] as number) ^ (L[i5] as number) ^ (L[i4] as number);
      l ^= (L[i3] as number) ^ (L[i2] as number) ^ (L[i1] as number) ^ (L[i0] as number);
      h = (H[i7] as number) ^ (H[i6] as number) ^ (H[i5] as number) ^ (H[i4] as number);
      h ^= (H[i3] as number) ^ (H[i2] as number) ^ (H[i1] as number) ^ (H[i0] as number);
    }
    low = l;
    high = h;
  };

  return {
    update: updateBy(addBytes, addWords),
    digest() {
      const bytes = Buffer.alloc(8);
      bytes.writeInt32BE(~high, 0);
      bytes.writeInt32BE(~low, 4);
      return bytes;
    },
  };
}

/** CRC32C, eight bytes at a time. */
export function createCrc32c() {
  let crc = -1;

  const addBytes = (bytes: Uint8Array) => {
    for (const byte of bytes) crc = (crc >>> 8) ^ entry(T, (crc ^ byte) & 255);
  };

  const addWords = (words: Int32Array) => {
    let value = crc;
    for (let at = 0; at < words.length; at += 2) {
      const a = value ^ entry(words, at);
      const b = entry(words, at + 1);
      value =
        entry(T, 1792 + (a & 255)) ^
        entry(T, 1536 + ((a >>> 8) & 255)) ^
        entry(T, 1280 + ((a >>> 16) & 255)) ^
        entry(T, 1024 + (a >>> 24));
      value ^=
        entry(T, 768 + (b & 255)) ^
        entry(T, 512 + ((b >>> 8) & 255)) ^
        entry(T, 256 + ((b >>> 16) & 255)) ^
        entry(T, b >>> 24);
    }
    crc = value;
  };

  return {
    update: updateBy(addBytes, addWords),
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(~crc);
      return bytes;
    },
  };
}
