import { ACCOUNT_ID } from '../../core/account.ts';
import type { JobManifests } from '../job-manifests.ts';
import type { JobRecord } from '../job-store.ts';
import { MANIFEST_START, type Manifest } from '../manifest/manifest.ts';
import { invalidContent, ManifestFault } from '../manifest/manifest-fault.ts';
import type { ObjectStore } from '../object-store.ts';
import { maxTasks, operationName } from '../operations/catalogue.ts';
import { createTaskCheck } from '../operations/task-check.ts';
import { FAILURE_CODES, FORMAT_FAULT } from '../unconfirmed.ts';
import { createBreather } from './slice.ts';

export interface PrepareTools {
  manifests: JobManifests;
  objects: ObjectStore;
}

/**
 * Generates the job's list of objects where it asks for that, reads all of it and counts the tasks. Throws
 * ManifestFault for what fails a job before its first task. What it returns after the signal was aborted is void.
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
  const breathe = createBreather();
  let count = 0;
  for await (const tasks of manifest.tasks(MANIFEST_START)) {
    count += tasks.length;
    if (count > limit) throw new ManifestFault(FAILURE_CODES.tooManyTasks, TOO_MANY_TASKS);
    await checkTasks(tasks);
    await breathe();
    if (signal.aborted) return count;
  }
  if (count === 0) throw invalidContent(FORMAT_FAULT, 'empty');
  return count;
}

const TOO_MANY_TASKS =
  'The S3 Batch Operations job failed because it contains more keys than the maximum allowed in a single job';

/** All buckets here belong to one account. */
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
