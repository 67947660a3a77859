/** Uploads one body over HTTP and, meanwhile, measures the times of HEAD requests. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerRequests } from '../part.ts';

export interface UploaderRequest {
  url: string;
  sizeBytes: number;
  /** An object to send HEAD requests for during the upload. */
  headUrl?: string;
}

export interface UploaderAnswer {
  seconds: number;
  /** Milliseconds of each HEAD request. */
  heads: number[];
}

const HEAD_INTERVAL_MS = 10;
const agent = new Agent({ keepAlive: true });
const chunk = Buffer.alloc(256 * 1024, 'The quick brown fox jumps over the lazy dog. ');

function send(method: string, url: string, sizeBytes = 0): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-length': sizeBytes };
    const outgoing = request(url, { method, agent, headers }, (answer) => {
      answer.resume().on('end', () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`${method} ${url}: ${answer.statusCode}`));
      });
    });
    outgoing.on('error', reject);
    let left = sizeBytes;
    const write = () => {
      while (left > 0) {
        const piece = chunk.subarray(0, left);
        left -= piece.byteLength;
        if (!outgoing.write(piece)) {
          outgoing.once('drain', write);
          return;
        }
      }
      outgoing.end();
    };
    write();
  });
}

answerRequests<UploaderRequest, UploaderAnswer>(async ({ url, sizeBytes, headUrl }) => {
  const heads: number[] = [];
  let isUploading = true;
  const startMs = performance.now();
  const upload = send('PUT', url, sizeBytes).finally(() => {
    isUploading = false;
  });
  while (headUrl !== undefined && isUploading) {
    const headMs = performance.now();
    await send('HEAD', headUrl);
    heads.push(performance.now() - headMs);
    await sleep(HEAD_INTERVAL_MS);
  }
  await upload;
  return { seconds: (performance.now() - startMs) / 1000, heads };
});
