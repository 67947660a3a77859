import type { WireHandler } from '../../core/wire.ts';

export interface Fauxqs {
  handle: WireHandler;
  close(): Promise<void>;
}

/** The parts of fauxqs that its package does not export. Only its server, which opens a socket, can persist otherwise. */
interface Stores {
  sqsStore: { persistence?: object; allQueues(): Iterable<{ persistence?: object }> };
  snsStore: { persistence?: object };
  s3Store: object;
}
interface Persistence {
  loadSqsAndSns(sqs: Stores['sqsStore'], sns: Stores['snsStore']): void;
  close(): void;
}

const DIST = '../../../node_modules/fauxqs/dist';
type Constructor = new (dir?: string) => object;
const load = async (module: string, name: string): Promise<Constructor> => {
  const loaded = (await import(new URL(`${DIST}/${module}`, import.meta.url).href)) as Record<
    string,
    Constructor
  >;
  const Class = loaded[name];
  if (!Class) throw new Error(`fauxqs has no ${name} in ${module}`);
  return Class;
};

/**
 * SNS topics and SQS queues without a socket of their own, kept in `dir` or else in memory. Loading takes a third of a
 * second.
 */
export async function startFauxqs(dir: string | undefined): Promise<Fauxqs> {
  const { buildApp } = await import('fauxqs');
  const { stores, persistence } = await openStores(dir);
  const app = buildApp({ logger: false, stores: stores as never });
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
    async close() {
      await app.close();
      persistence?.close();
    },
  };
}

async function openStores(dir: string | undefined): Promise<{ stores: Stores; persistence?: Persistence }> {
  const [SqsStore, SnsStore, S3Store, PersistenceManager] = await Promise.all([
    load('sqs/sqsStore.js', 'SqsStore'),
    load('sns/snsStore.js', 'SnsStore'),
    load('s3/s3Store.js', 'S3Store'),
    load('persistence.js', 'PersistenceManager'),
  ]);
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() } as Stores;
  if (dir === undefined) return { stores };
  const persistence = new PersistenceManager(dir) as Persistence;
  // The order matters: what is loaded must not be written again.
  persistence.loadSqsAndSns(stores.sqsStore, stores.snsStore);
  stores.sqsStore.persistence = persistence;
  stores.snsStore.persistence = persistence;
  for (const queue of stores.sqsStore.allQueues()) queue.persistence = persistence;
  return { stores, persistence };
}
