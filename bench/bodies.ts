import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startStack } from '../local/stack.ts';
import { type Bench, type BenchSettings, type Finding, judge, ratio } from './bench.ts';
import { figureOf, interleave, quantile } from './figures.ts';
import { startPart } from './part.ts';
import type { BareServerAnswer, BareServerRequest } from './parts/bare-server.ts';
import type { UploaderAnswer, UploaderRequest } from './parts/uploader.ts';

const MB = 1024 * 1024;
const SIZES = [
  { name: '64 MB', sizeBytes: 64 * MB, rounds: 9 },
  { name: '1 GB', sizeBytes: 1024 * MB, rounds: 3 },
];
const GOAL = { atLeast: 0.7 };
const HEAD_GOAL_MS = 20;

export const bodies: Bench = {
  name: 'bodies',
  title: 'uploads of large bodies to S3, against a bare server that writes a file and computes one MD5',
  limitSeconds: 300,
  run,
};

async function run({ scale, folder, say }: BenchSettings): Promise<Finding[]> {
  const stack = await startStack({ dataDir: join(folder, 'bodies') });
  const bareFolder = join(folder, 'bare');
  mkdirSync(bareFolder);
  const bare = startPart<BareServerRequest, BareServerAnswer>('parts/bare-server.ts');
  const uploader = startPart<UploaderRequest, UploaderAnswer>('parts/uploader.ts');
  try {
    const { port } = await bare.ask({ folder: bareFolder });
    const bareUrl = `http://127.0.0.1:${port}/`;
    const bucketUrl = `${stack.awsUrl}/bodies`;
    await fetch(bucketUrl, { method: 'PUT' });
    const [url, headUrl] = [`${bucketUrl}/large`, `${bucketUrl}/small`];
    await uploader.ask({ url: headUrl, sizeBytes: 1 });
    await uploader.ask({ url, sizeBytes: 16 * MB }); // starts the threads
    const findings: Finding[] = [];
    for (const { name, sizeBytes: fullBytes, rounds } of SIZES) {
      const sizeBytes = Math.ceil(fullBytes * scale);
      const heads: number[][] = [];
      const speed = ({ seconds }: UploaderAnswer) => sizeBytes / 1e6 / seconds;
      const [ours, theirs] = await interleave(rounds, [
        { name: 'S3', unit: 'MB/s', measure: async () => speed(await uploader.ask({ url, sizeBytes })) },
        {
          name: 'bare server',
          unit: 'MB/s',
          measure: async () => speed(await uploader.ask({ url: bareUrl, sizeBytes })),
        },
      ]);
      for (let round = 0; round < rounds; round++)
        heads.push((await uploader.ask({ url, sizeBytes, headUrl })).heads);
      say(`${heads.flat().length} HEAD during uploads of ${name}`);
      const times = heads.map((round) => round.toSorted((a, b) => a - b));
      const p99 = figureOf(
        { name: 'p99', unit: 'ms' },
        times.map((round) => quantile(round, 0.99)),
      );
      const median = figureOf(
        { name: 'median', unit: 'ms' },
        times.map((round) => quantile(round, 0.5)),
      );
      findings.push(
        { what: `PUT of ${name}`, figures: [ours, theirs], verdict: ratio(ours, theirs, GOAL) },
        {
          what: `HEAD of an object during a PUT of ${name}`,
          figures: [p99, median],
          verdict: judge(p99.median, 'ms', { atMost: HEAD_GOAL_MS }),
        },
      );
    }
    return findings;
  } finally {
    await uploader.stop();
    await bare.stop();
    await stack.stop();
  }
}
