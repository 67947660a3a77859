import { pipeline, Readable, type Transform } from 'node:stream';
import type { Zlib } from 'node:zlib';
import type { ObjectVersion } from './contract.ts';
import { ActionFailure } from './failures.ts';
import {
  type ObjectGrants,
  type ObjectHead,
  type ObjectLocation,
  type ObjectTraits,
  rethrowChanged,
} from './object-copy.ts';
import type { Tags } from './object-tags.ts';

export interface WriteOrder {
  target: ObjectLocation;
  traits: ObjectTraits;
  tags: Tags;
  access: Readonly<Record<string, string>>;
  /** ETag of the object to replace. The write fails if another writer has changed it. */
  replaces: string | undefined;
}

/** Reads and writes objects as streams. */
export interface StreamStore {
  head(object: ObjectVersion, signal: AbortSignal): Promise<ObjectHead>;
  tags(object: ObjectVersion, signal: AbortSignal): Promise<Tags>;
  grants(object: ObjectVersion, signal: AbortSignal): Promise<ObjectGrants>;
  /** Reads the version with this ETag. */
  read(object: ObjectVersion, etag: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** Resolves with the number of bytes. Stores nothing after an error. */
  write(order: WriteOrder, body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number>;
}

export interface Rewrite {
  /** Undefined to replace the object itself. */
  targetKey: string | undefined;
  /** The content encodings of the result; undefined if by its headers the object needs no change. */
  encodingsAfter(encodings: readonly string[]): string[] | undefined;
  /** Whether by its first bytes the object needs no change. */
  isDone(isGzip: boolean): boolean;
  /** Why an object that needs no change is not written to another key. */
  doneReason: string;
  transform(head: ObjectHead): { stream: Transform & Pick<Zlib, 'bytesWritten'>; limit: number };
}

const permanent = (why: string) => new ActionFailure('PermanentFailure', why);

/** Of gzip with deflate, its only compression method. */
const MAGIC = Buffer.from([0x1f, 0x8b, 0x08]);

async function* chained(head: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** Whether a body starts like gzip, with the whole body; `close` releases the unread rest. */
async function sniff(body: AsyncIterable<Uint8Array>) {
  const chunks = body[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (start.length < MAGIC.length) {
    const { done, value } = await chunks.next();
    if (done) break;
    start = Buffer.concat([start, value]);
  }
  return {
    isGzip: start.subarray(0, MAGIC.length).equals(MAGIC),
    body: chained(start, chunks),
    close: () => void Promise.resolve(chunks.return?.()).catch(() => {}),
  };
}

async function* limited(body: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > limit) throw permanent(`it would become larger than ${limit} bytes; maxRatio sets the limit`);
    yield chunk;
  }
}

/** Node's gunzip stops at a zero byte after a gzip member and ignores the rest. This throws instead. */
async function* whole(body: AsyncIterable<Uint8Array>, stream: Pick<Zlib, 'bytesWritten'>, bytes: number) {
  yield* body;
  if (stream.bytesWritten !== bytes)
    throw permanent(`only ${stream.bytesWritten} of its ${bytes} bytes could be used`);
}

const encodingsOf = ({ headers }: ObjectTraits): string[] =>
  (headers['ContentEncoding'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);

function encodedAs({ headers, ...others }: ObjectTraits, encodings: readonly string[]): ObjectTraits {
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'ContentEncoding'));
  return {
    ...others,
    headers: encodings.length > 0 ? { ...kept, ContentEncoding: encodings.join(', ') } : kept,
  };
}

/** Only the current version can be replaced. */
async function readHead(store: StreamStore, object: ObjectVersion, isSameKey: boolean, signal: AbortSignal) {
  const { bucket, key, versionId } = object;
  const head = await store.head(isSameKey ? { bucket, key } : object, signal);
  if (isSameKey && versionId !== undefined && versionId !== (head.versionId ?? 'null'))
    throw permanent('only the current version can be changed');
  return { head, source: head.versionId ? { bucket, key, versionId: head.versionId } : { bucket, key } };
}

/**
 * Transforms the bytes of an object and stores them under the same or another key of its bucket. Keeps everything else.
 * Resolves with the size at the target.
 */
export async function rewriteObject(
  store: StreamStore,
  object: ObjectVersion,
  rewrite: Rewrite,
  signal: AbortSignal,
): Promise<number> {
  const isSameKey = rewrite.targetKey === undefined;
  const { head, source } = await readHead(store, object, isSameKey, signal);
  const done = () => {
    if (isSameKey) return head.bytes;
    throw permanent(`${rewrite.doneReason}; nothing was written`);
  };
  const encodings = rewrite.encodingsAfter(encodingsOf(head.traits));
  if (!encodings) return done();
  if (isSameKey && head.isLocked) throw permanent('Object Lock protects it; nothing was changed');
  let close = () => {};
  try {
    const tags = await store.tags(source, signal);
    const { access } = isSameKey ? await store.grants(source, signal) : { access: {} };
    const found = await sniff(await store.read(source, head.etag, signal));
    close = found.close;
    if (rewrite.isDone(found.isGzip)) return done();
    const { stream, limit } = rewrite.transform(head);
    // An error of the source destroys the stream, so the reader of the stream gets it.
    const transformed = pipeline(Readable.from(found.body), stream, () => {});
    const target = { bucket: object.bucket, key: rewrite.targetKey ?? object.key };
    const replaces = isSameKey ? head.etag : undefined;
    const order = { target, traits: encodedAs(head.traits, encodings), tags, access, replaces };
    return await store.write(order, whole(limited(transformed, limit), stream, head.bytes), signal);
  } catch (error) {
    return rethrowChanged(error);
  } finally {
    close();
  }
}
