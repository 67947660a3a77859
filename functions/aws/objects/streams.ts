import type { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { StreamStore } from '../../worker/rewrite-object.ts';
import { s3Client } from '../clients.ts';
import { uploadStream } from '../stream-upload.ts';
import { objectCopies } from './copies.ts';
import { targetOf } from './target.ts';
import { traitMembers } from './traits.ts';

/** Objects as streams. A test makes the parts smaller. */
export const objectStreams = (partBytes?: number): StreamStore => ({
  head: objectCopies.head,
  tags: objectCopies.tags,
  grants: objectCopies.grants,
  async read(object, etag, abortSignal) {
    const command = new GetObjectCommand({ ...targetOf(object), IfMatch: `"${etag}"` });
    const { Body } = await s3Client().send(command, { abortSignal });
    return Body as Readable as AsyncIterable<Uint8Array>;
  },
  async write({ target, traits, tags, access, replaces }, body, signal) {
    const { bytes } = await uploadStream(body, {
      target: targetOf(target),
      members: { ...traitMembers(traits, tags), ...access },
      ...(replaces !== undefined && { condition: { IfMatch: `"${replaces}"` } }),
      signal,
      ...(partBytes !== undefined && { partBytes }),
    });
    return bytes;
  },
});
