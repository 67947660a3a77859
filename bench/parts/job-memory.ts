/** Runs one tagging job in a separate process and returns the peak memory of that process. */
import { openJobs, TAGGING } from '../fixtures/jobs.ts';
import { numbers } from '../fixtures/keys.ts';
import { answerRequests } from '../part.ts';

export interface MemoryRequest {
  /** Folder of the store. */
  folder: string;
  rows: number;
}

export interface MemoryAnswer {
  peakMegabytes: number;
}

answerRequests<MemoryRequest, MemoryAnswer>(async ({ folder, rows }) => {
  const jobs = openJobs(folder);
  // Reads every page of the store, so that the cache is full before a short job, too.
  jobs.database.sql('SELECT sum(length(facts)) FROM s3_object').get();
  await jobs.run(TAGGING, await jobs.putManifest(numbers(rows)));
  await jobs.close();
  return { peakMegabytes: process.resourceUsage().maxRSS / 1024 };
});
