/** Runs one tagging job in a separate process and returns the peak memory of that process. */
import { openJobs, TAGGING } from '../fixtures/jobs.ts';
import { answerRequests } from '../part.ts';

export interface MemoryRequest {
  /** Folder of the store. */
  folder: string;
  rows: number;
  /** Number of objects in the store. With more rows than objects, consecutive rows name the same object. */
  objects: number;
}

export interface MemoryAnswer {
  peakMegabytes: number;
  /** From CreateJob to Complete. */
  seconds: number;
}

function* rowNumbers({ rows, objects }: MemoryRequest): Generator<number> {
  const rowsAnObject = Math.max(1, rows / objects);
  for (let row = 0; row < rows; row++) yield Math.floor(row / rowsAnObject);
}

answerRequests<MemoryRequest, MemoryAnswer>(async (request) => {
  const jobs = openJobs(request.folder);
  // Reads every page of the store, so that the cache is full before a short job, too.
  jobs.database.sql('SELECT sum(length(facts)) FROM s3_object').get();
  const seconds = await jobs.run(TAGGING, await jobs.putManifest(rowNumbers(request)));
  await jobs.close();
  return { peakMegabytes: process.resourceUsage().maxRSS / 1024, seconds };
});
