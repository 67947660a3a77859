import { ACCOUNT_ID } from '../../aws/wire.ts';
import type { JobRecord } from '../job-store.ts';
import { MANIFEST_START } from '../manifest/manifest.ts';
import { invalidContent, ManifestFault } from '../manifest/manifest-fault.ts';
import { openManifest } from '../manifest/open-manifest.ts';
import type { ObjectStore } from '../object-store.ts';
import { maxTasks, operationName } from '../operations/catalogue.ts';
import { FAILURE_CODES, FORMAT_FAULT } from '../unconfirmed.ts';
import { createBreather } from './slice.ts';

/**
 * Reads the whole manifest and returns the number of its tasks. Throws ManifestFault for what fails a job before
 * its first task. Gives up, and returns 0, when the signal is aborted.
 */
export async function prepareJob(job: JobRecord, objects: ObjectStore, signal: AbortSignal): Promise<number> {
  checkOwners(job);
  const manifest = await openManifest(objects, job.request);
  const limit = maxTasks(operationName(job.request.Operation));
  const breathe = createBreather();
  let count = 0;
  for await (const tasks of manifest.tasks(MANIFEST_START)) {
    count += tasks.length;
    if (count > limit) throw new ManifestFault(FAILURE_CODES.tooManyTasks, TOO_MANY_TASKS);
    await breathe();
    if (signal.aborted) return 0;
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
