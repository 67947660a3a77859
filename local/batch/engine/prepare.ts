import { ACCOUNT_ID } from '../../core/account.ts';
import type { JobManifests } from '../job-manifests.ts';
import type { JobRecord } from '../job-record.ts';
import { createLoopTurns } from '../loop-turns.ts';
import { MANIFEST_START, type Manifest } from '../manifest/manifest.ts';
import { invalidContent, ManifestFault } from '../manifest/manifest-fault.ts';
import type { ObjectStore } from '../object-store.ts';
import { maxTasks, operationName } from '../operations/catalogue.ts';
import { createTaskCheck } from '../operations/task-check.ts';
import { FAILURE_CODES, FORMAT_FAULT } from '../unconfirmed.ts';

export interface PrepareTools {
  manifests: JobManifests;
  objects: ObjectStore;
}

/**
 * Generates the job's list of objects if it has a generator, reads the whole list and counts the tasks. Throws
 * ManifestFault for a fault that fails the job before its first task. The result is invalid once the signal is aborted.
 */
export async function prepareJob(
  job: JobRecord,
  { manifests, objects }: PrepareTools,
  signal: AbortSignal,
): Promise<Pick<JobRecord, 'totalTasks' | 'generated'>> {
  checkOwners(job);
  const generated = await manifests.generate(job, signal);
  const manifest = await manifests.open({ ...job, generated });
  const totalTasks = await countTasks(job, manifest, objects, signal);
  return { totalTasks, generated };
}

async function countTasks(
  { request: { Operation = {} } }: JobRecord,
  manifest: Manifest,
  objects: ObjectStore,
  signal: AbortSignal,
): Promise<number> {
  const limit = maxTasks(operationName(Operation));
  const checkTasks = createTaskCheck(Operation, objects);
  const yieldToLoop = createLoopTurns();
  let count = 0;
  for await (const tasks of manifest.tasks(MANIFEST_START)) {
    count += tasks.length;
    if (count > limit) throw new ManifestFault(FAILURE_CODES.tooManyTasks, TOO_MANY_TASKS);
    await checkTasks(tasks);
    await yieldToLoop();
    if (signal.aborted) return count;
  }
  if (count === 0) throw invalidContent(FORMAT_FAULT, 'empty');
  return count;
}

const TOO_MANY_TASKS =
  'The S3 Batch Operations job failed because it contains more keys than the maximum allowed in a single job';

/** All local buckets belong to one account. */
function checkOwners({ request: { Report, ManifestGenerator } }: JobRecord): void {
  const generator = ManifestGenerator?.S3JobManifestGenerator;
  const owners = [
    Report?.ExpectedBucketOwner,
    generator?.ExpectedBucketOwner,
    generator?.ManifestOutputLocation?.ExpectedManifestBucketOwner,
  ];
  const wrong = owners.find((owner) => owner !== undefined && owner !== ACCOUNT_ID);
  if (wrong) {
    throw new ManifestFault(
      FAILURE_CODES.wrongOwner,
      `The bucket is not owned by the expected account ${wrong}`,
    );
  }
}
