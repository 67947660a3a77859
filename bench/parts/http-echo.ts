/** The upper limit of one node:http process: it posts events to itself and returns them, many at a time. */
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { secondsOf } from '../figures.ts';
import { runConcurrently } from '../fixtures/run-concurrently.ts';
import { answerRequests } from '../part.ts';
import type { Took } from './sdk-tagger.ts';

const CONCURRENCY = 64;

export interface EchoRequest {
  event: string;
  count: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });

const server = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => outgoing.end(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
});

const post = (port: number, event: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': event.length };
    const outgoing = request({ host: '127.0.0.1', port, method: 'POST', agent, headers }, (answer) => {
      answer.resume().on('end', resolve);
    });
    outgoing.on('error', reject).end(event);
  });

answerRequests<EchoRequest, Took>(async ({ event, count }) => {
  if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { seconds: await secondsOf(() => runConcurrently(CONCURRENCY, count, () => post(port, event))) };
});
