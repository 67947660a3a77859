// Runs the jobs of a folder in a process of its own, which a test can kill: `node batch-child.ts DIR PACE`.
import { createS3 } from '../../local/aws/s3/s3.ts';
import { createBatch } from '../../local/batch/batch.ts';
import { realClock } from '../../local/core/clock.ts';
import { createRandom } from '../../local/core/random.ts';
import { openDatabase } from '../../local/store/database.ts';
import { AccountId, answerFor, functionThat } from './batch.ts';

const [, , dir, pace] = process.argv;
const clock = realClock();
const common = { database: openDatabase(dir), clock, random: createRandom() };
const lambda = functionThat((event) => {
  console.log('task', event.tasks[0]?.s3Key);
  return answerFor(event, 'Succeeded', 'child');
});
const batch = createBatch({ ...common, lambda, objects: createS3(common).objects, pace: Number(pace) });
batch.start();
// Ends by itself after 20 s, unless it is killed before.
for (let round = 0; round < 2000; round++) {
  const jobs = batch.listJobs({ AccountId }).Jobs ?? [];
  console.log('done', Math.min(...jobs.map((job) => job.ProgressSummary?.NumberOfTasksSucceeded ?? 0)));
  await clock.sleep(10);
}
await batch.stop();
