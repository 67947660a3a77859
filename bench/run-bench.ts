/** Runs one benchmark in a separate process and sends its findings to the parent process. */
import type { Finding } from './bench.ts';
import { benches } from './benches.ts';
import { answerRequests } from './part.ts';

export interface BenchRequest {
  name: string;
  scale: number;
  rows?: number;
  folder: string;
}

answerRequests<BenchRequest, Finding[]>(async ({ name, ...settings }) => {
  const bench = benches.find((each) => each.name === name);
  if (!bench) throw new Error(`unknown benchmark ${name}`);
  return bench.run({ ...settings, say: (line) => void process.stderr.write(`    … ${line}\n`) });
});
