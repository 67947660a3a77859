import { KnownError } from '../../core/errors.ts';
import type { DryRun, Finding } from '../../core/generated/dry-run.mjs';
import { type FoundManifest, markedManifestOf } from '../manifest/found-manifest.ts';
import { createJobInputOf, type StackDefaults } from '../request/create-job-input.ts';
import type { JobRequest } from '../request/job-request.ts';
import { requestHashOf } from '../request/job-request-id.ts';
import { badQuery, checkNames, type Query } from '../request/query.ts';
import { estimateOf } from './estimate.ts';
import { hasErrors } from './findings.ts';
import { type Inspection, objectCountOf } from './inspection.ts';
import type { ObjectFacts } from './sample-checks.ts';

const SHOWN_ROWS = 10;

export interface SubmitQuery {
  isDryRun: boolean;
  /** The dry run whose request to start. */
  dryRunId?: string;
}

/** The query of POST /jobs. Throws InvalidQuery. */
export function submitQueryOf(query: Query): SubmitQuery {
  checkNames(query, ['dryRun', 'dryRunId']);
  const { dryRun, dryRunId } = query;
  if (dryRun !== undefined && dryRun !== 'true' && dryRun !== 'false')
    throw badQuery('dryRun', 'must be true or false');
  const isDryRun = dryRun === 'true';
  if (dryRunId === undefined) return { isDryRun };
  if (isDryRun) throw badQuery('dryRunId', 'is not allowed together with dryRun=true');
  if (!/^[0-9a-f]{64}$/.test(dryRunId)) throw badQuery('dryRunId', 'is not the dryRunId of a dry run');
  return { isDryRun, dryRunId };
}

/**
 * A hash of everything that would run: the request with its defaults, and the content of the manifest. Undefined with a
 * ManifestGenerator, whose objects are not known before the job runs.
 */
export function dryRunIdOf(
  request: JobRequest,
  stack: StackDefaults,
  found: FoundManifest | undefined,
): string | undefined {
  if (!found) return undefined;
  const { StartAt, Limits, Retry, Watch: watch = {} } = request;
  const createJob = createJobInputOf(request, stack, '', markedManifestOf(found));
  return requestHashOf({ createJob, watch, StartAt, Limits, Retry });
}

/** Throws DryRunOutdated when the dry run had another request, manifest or deployment. */
export function checkDryRunId(given: string | undefined, now: string | undefined): void {
  if (given === undefined || given === now) return;
  const why =
    now === undefined
      ? 'A request with a ManifestGenerator has no dryRunId.'
      : 'The request, the manifest, or the deployment has changed since the dry run; nothing was started.';
  throw new KnownError('DryRunOutdated', why);
}

/** The answer of POST /jobs?dryRun=true. */
export function dryRunOf(
  request: JobRequest,
  dryRunId: string | undefined,
  {
    inspection,
    findings,
    samples,
  }: { inspection: Inspection; findings: Finding[]; samples: readonly ObjectFacts[] },
): DryRun {
  const wouldStart = !hasErrors(findings);
  const objects = request.ManifestGenerator ? undefined : objectCountOf(inspection);
  return {
    dryRunId: (wouldStart && dryRunId) || null,
    wouldStart,
    objects: objects ?? null,
    firstRows: inspection.firstRows.slice(0, SHOWN_ROWS),
    findings,
    estimate: estimateOf(request, objects?.likely, samples),
  };
}
