import { addAbortSignal, pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { KnownError } from '../core/errors.ts';
import { s3Client } from './clients.ts';
import { callAws } from './known-errors.ts';

const MAX_TEXT_BYTES = 32 * 1024 * 1024;

/** An object to read. */
export interface Target {
  Bucket: string;
  Key: string;
  VersionId?: string;
  IfMatch?: string;
  Range?: string;
}

/** Streams an object. Throws KnownError, also if the connection ends early. */
export async function* download(target: Target, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const command = new GetObjectCommand(target);
  const { Body } = await callAws(() => s3Client().send(command, signal && { abortSignal: signal }));
  try {
    yield* signal ? addAbortSignal(signal, Body as Readable) : (Body as Readable);
  } catch (error) {
    throw new KnownError('AwsUnavailable', 'the connection ended while reading', { cause: error });
  }
}

/** Passes a stream on and calls `onChunk` for each chunk. */
export async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onChunk(chunk);
    yield chunk;
  }
}

export const inflated = (compressed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> =>
  pipeline(Readable.from(compressed), createGunzip(), () => {});

/** The text of an object. Throws SyntaxError if it has more than 32 MiB. */
export async function wholeText(target: Target, signal?: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of download(target, signal)) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_TEXT_BYTES) throw new SyntaxError(`${target.Key} is larger than 32 MiB`);
  }
  return Buffer.concat(chunks).toString();
}
