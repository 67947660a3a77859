import type { WireHandler } from '../../core/wire.ts';

export interface Fauxqs {
  handle: WireHandler;
  close(): Promise<void>;
}

/** SNS topics and SQS queues in memory, without a socket of their own. Loading takes a third of a second. */
export async function startFauxqs(): Promise<Fauxqs> {
  const { buildApp } = await import('fauxqs');
  const app = buildApp({ logger: false });
  await app.ready();
  return {
    async handle({ headers, body }) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      const {
        statusCode,
        headers: answered,
        rawPayload,
      } = await app.inject({
        // Only this path: at other paths fauxqs has its own S3, which must not answer.
        method: 'POST',
        url: '/',
        headers: { ...headers },
        payload: Buffer.concat(chunks),
      });
      const { 'content-type': contentType, 'x-amz-request-id': requestId } = answered;
      return {
        status: statusCode,
        headers: { 'content-type': String(contentType), 'x-amzn-requestid': String(requestId) },
        body: rawPayload,
      };
    },
    close: () => app.close(),
  };
}
