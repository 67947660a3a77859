import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startServer } from '../local/aws/server.ts';
import { type Bench, type BenchSettings, type Finding, ratio } from './bench.ts';
import { interleave, type Side } from './figures.ts';
import { copyFilledStore } from './fixtures/filled-store.ts';
import { type Jobs, openJobs, TAGGING } from './fixtures/jobs.ts';
import { numbers } from './fixtures/keys.ts';
import { type Part, startPart } from './part.ts';
import type { TaggingRequest, Took } from './parts/sdk-tagger.ts';

const OBJECTS = 1_000_000;
const SDK_OBJECTS = 4_000;
const ROUNDS = 3;
const UNIT = 'objects/s';

export const tagging: Bench = {
  name: 'tagging',
  title: 'a job that tags objects, against a script that tags them with the AWS SDK over HTTP',
  limitSeconds: 300,
  run,
};

async function run({ scale, folder, say }: BenchSettings): Promise<Finding[]> {
  const count = Math.ceil(OBJECTS * scale);
  const withJobs = storeMaker(folder, count);
  const script = startPart<TaggingRequest, Took>('parts/sdk-tagger.ts');
  const byJob = (order: 'sorted' | 'shuffled') => async () => {
    const speed = await withJobs(
      async (jobs) => count / (await jobs.run(TAGGING, await jobs.putManifest(numbers(count, order)))),
    );
    say(`a job over ${count} objects, ${order}: ${Math.round(speed)} objects/s`);
    return speed;
  };
  const sorted: Side = { name: 'job, manifest in key order', unit: UNIT, measure: byJob('sorted') };
  const shuffled: Side = { name: 'job, manifest shuffled', unit: UNIT, measure: byJob('shuffled') };
  const [ordinary, ceiling] = scripts(script, withJobs, Math.min(count, SDK_OBJECTS));
  try {
    await ordinary.measure(); // warms up the script, because a job warms up within its first seconds
    const [inOrder, sdk, best] = await interleave(ROUNDS, [sorted, ordinary, ceiling]);
    const [mixed] = await interleave(1, [shuffled]);
    const what = `${count.toLocaleString('en')} objects, durable, all tasks reported`;
    return [
      {
        what: `${what}, in key order`,
        figures: [inOrder, sdk, best],
        verdict: ratio(inOrder, sdk, { atLeast: 80 }),
      },
      { what: `${what}, shuffled`, figures: [mixed, sdk], verdict: ratio(mixed, sdk, { atLeast: 15 }) },
    ];
  } finally {
    await script.stop();
  }
}

type WithJobs = (work: (jobs: Jobs) => Promise<number>) => Promise<number>;

/** Each call has its own store, in which no object has tags. */
function storeMaker(folder: string, count: number): WithJobs {
  let stores = 0;
  return async (work) => {
    const own = join(folder, `tagging-${stores++}`);
    copyFilledStore(folder, count, own);
    const jobs = openJobs(own);
    try {
      return await work(jobs);
    } finally {
      await jobs.close();
      await rm(own, { recursive: true });
    }
  };
}

/** The script against the S3 that a job uses, and against a server that answers 200 to everything. */
function scripts(script: Part<TaggingRequest, Took>, withJobs: WithJobs, count: number): [Side, Side] {
  const speed = async (port: number) =>
    count / (await script.ask({ endpoint: `http://127.0.0.1:${port}`, count })).seconds;
  const againstS3 = () =>
    withJobs(async ({ s3 }) => {
      const server = await startServer({ handle: s3.handle });
      return speed(server.port).finally(server.close);
    });
  const againstNothing = async () => {
    const server = createServer((request, response) => request.resume().on('end', () => response.end()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return speed((server.address() as AddressInfo).port).finally(() => {
      server.close();
      server.closeAllConnections();
    });
  };
  return [
    { name: 'SDK v3, 64 concurrent requests', unit: UNIT, measure: againstS3 },
    { name: 'the same against a server that only answers 200', unit: UNIT, measure: againstNothing },
  ];
}
