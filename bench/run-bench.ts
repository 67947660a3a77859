/** Runs one benchmark in a process of its own and sends its findings to whoever started that. */
import type { Finding } from './bench.ts';
import { benches } from './benches.ts';
import { answerRequests } from './part.ts';

export interface BenchRequest {
  name: string;
  scale: number;
  folder: string;
}

answerRequests<BenchRequest, Finding[]>(async ({ name, scale, folder }) => {
  const bench = benches.find((each) => each.name === name);
  if (!bench) throw new Error(`there is no benchmark ${name}`);
  return bench.run({ scale, folder, say: (line) => void process.stderr.write(`    … ${line}\n`) });
});
