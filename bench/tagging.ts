import { join } from 'node:path';
import { startServer } from '../local/aws/server.ts';
import { type Bench, type BenchSettings, ratio } from './bench.ts';
import { interleave } from './figures.ts';
import { copyFilledStore } from './fixtures/filled-store.ts';
import { type Jobs, openJobs, TAGGING } from './fixtures/jobs.ts';
import { numbers } from './fixtures/keys.ts';
import { startPart } from './part.ts';
import type { TaggingRequest, Took } from './parts/sdk-tagger.ts';

const OBJECTS = 1_000_000;
const SDK_OBJECTS = 5_000;
const ROUNDS = 3;

export const tagging: Bench = {
  name: 'tagging',
  title: 'a job that tags objects, against a script with the AWS SDK that tags them over HTTP',
  limitSeconds: 300,
  run,
};

async function run({ scale, folder, say }: BenchSettings) {
  const count = Math.ceil(OBJECTS * scale);
  const sdkCount = Math.min(count, SDK_OBJECTS);
  const unit = 'objects/s';
  const sdk = startPart<TaggingRequest, Took>('parts/sdk-tagger.ts');
  let stores = 0;

  /** Each round has a store of its own, in which no object has tags yet. */
  async function withJobs(work: (jobs: Jobs) => Promise<number>): Promise<number> {
    const own = join(folder, `tagging-${stores++}`);
    copyFilledStore(folder, count, own);
    const jobs = openJobs(own);
    try {
      return await work(jobs);
    } finally {
      await jobs.close();
    }
  }

  const tagByJob = (order: 'sorted' | 'shuffled') => () =>
    withJobs(async (jobs) => {
      const seconds = await jobs.run(TAGGING, await jobs.putManifest(numbers(count, order)));
      say(`tagged ${count} objects, ${order}, in ${seconds.toFixed(1)} s`);
      return count / seconds;
    });

  const tagBySdk = () =>
    withJobs(async ({ s3 }) => {
      const server = await startServer({ handle: s3.handle });
      const { seconds } = await sdk.ask({ endpoint: `http://127.0.0.1:${server.port}`, count: sdkCount });
      await server.close();
      return sdkCount / seconds;
    });

  try {
    await tagBySdk(); // so that its code is hot, as that of a job soon is
    const [sorted, ordinary, shuffled] = await interleave(ROUNDS, [
      { name: 'job, key order', unit, measure: tagByJob('sorted') },
      { name: 'SDK v3, 64 in flight', unit, measure: tagBySdk },
      { name: 'job, shuffled', unit, measure: tagByJob('shuffled') },
    ]);
    const what = `tags on ${count.toLocaleString('en')} objects, durable, all tasks reported; manifest`;
    return [
      {
        what: `${what} in key order`,
        figures: [sorted, ordinary],
        verdict: ratio(sorted, ordinary, { atLeast: 80 }),
      },
      {
        what: `${what} shuffled`,
        figures: [shuffled, ordinary],
        verdict: ratio(shuffled, ordinary, { atLeast: 15 }),
      },
    ];
  } finally {
    await sdk.stop();
  }
}
