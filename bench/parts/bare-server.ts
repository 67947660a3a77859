/** The upper limit of one node:http process: it writes uploads to a file and computes one MD5. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { answerRequests } from '../part.ts';

export interface BareServerRequest {
  /** Where the file goes. */
  folder: string;
}

export interface BareServerAnswer {
  port: number;
}

answerRequests<BareServerRequest, BareServerAnswer>(async ({ folder }) => {
  const file = join(folder, 'bare-body');
  const server = createServer(async (incoming, outgoing) => {
    const md5 = createHash('md5');
    const hashing = new Transform({
      transform(chunk: Buffer, _, done) {
        md5.update(chunk);
        done(null, chunk);
      },
    });
    await pipeline(incoming, hashing, createWriteStream(file));
    outgoing.setHeader('etag', `"${md5.digest('hex')}"`).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port };
});
