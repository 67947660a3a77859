import type { Database } from '../store/database.ts';
import { generateManifest } from './generator/generate-manifest.ts';
import { generatedManifest } from './generator/generated-manifest.ts';
import { createGeneratedRows } from './generator/generated-rows.ts';
import { writeGeneratedManifest } from './generator/write-manifest.ts';
import type { JobRecord } from './job-record.ts';
import type { Manifest } from './manifest/manifest.ts';
import { openManifest } from './manifest/open-manifest.ts';
import type { ObjectStore } from './object-store.ts';

/** The lists of objects of all jobs, given or generated. */
export interface JobManifests {
  /** Generates the list of a job with a generator; null for a job with a manifest. */
  generate(job: JobRecord, signal: AbortSignal): Promise<JobRecord['generated']>;
  /** Throws ManifestFault for a list that cannot be read. */
  open(job: JobRecord): Promise<Manifest>;
  /** Ids of the jobs that have a generated list. */
  jobIds(): string[];
  /** Deletes some of a generated list; false when nothing was left. */
  forgetSome(jobId: string): boolean;
}

export function createJobManifests(database: Database, objects: ObjectStore): JobManifests {
  const rows = createGeneratedRows(database);
  return {
    async generate(job, signal) {
      const generator = job.request.ManifestGenerator?.S3JobManifestGenerator;
      if (!generator) return null;
      while (rows.removeSome(job.jobId)); // rows of an interrupted attempt
      const list = await generateManifest(job.jobId, generator, { objects, rows, signal });
      if (!generator.EnableManifestOutput || signal.aborted) return list;
      const descriptor = await writeGeneratedManifest(job, generator, list, { objects, rows });
      return { ...list, descriptor };
    },
    async open({ jobId, request, generated }) {
      if (request.Manifest) return openManifest(objects, request.Manifest);
      if (!generated) throw new Error('the list of this job has not been generated');
      return generatedManifest(jobId, generated, rows);
    },
    jobIds: rows.jobIds,
    forgetSome: rows.removeSome,
  };
}
