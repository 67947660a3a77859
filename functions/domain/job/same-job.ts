import type { CreateJobInput } from '../request/create-job-input.ts';
import { withDates } from '../request/timestamps.ts';
import type { Job } from './job.ts';

/** The members that decide what a job does, and where. */
const COMPARED = ['Operation', 'Manifest', 'ManifestGenerator', 'RoleArn', 'Report'] as const;

/** With sorted names, and without members that are null or empty lists, which S3 can omit or add. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value)
    .map(([name, member]) => [name, comparable(member)] as const)
    .filter(([, member]) => !isEmpty(member))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members);
}

const isEmpty = (value: unknown) =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);

/**
 * Whether S3 describes the job that the input creates. A description alone proves nothing: everybody who can create jobs
 * can give a job the description of another one.
 */
export function isSameJob(input: CreateJobInput, job: Job): boolean {
  const wanted = JSON.parse(JSON.stringify(withDates(input))) as Record<string, unknown>;
  const described = job as unknown as Record<string, unknown>;
  const text = (members: Record<string, unknown>, name: string) => JSON.stringify(comparable(members[name]));
  return COMPARED.every((name) => text(wanted, name) === text(described, name));
}
