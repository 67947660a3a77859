/** A client with the types that openapi-typescript generates from the contract. It must compile; its wrong calls must not. */
import type { components, operations, paths } from './api.js';

type Schemas = components['schemas'];
type JsonOf<T> = T extends { content: { 'application/json': infer Body } } ? Body : never;
type Accepted = JsonOf<operations['submitJob']['responses'][202]>;
type Unprocessable = operations['submitJob']['responses'][422]['content']['application/problem+json'];

const request: Schemas['JobRequest'] = {
  Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'team', Value: 'media' }] } },
  Objects: [{ Bucket: 'data', Key: 'README.md' }],
};

export async function submit(url: string, key: string): Promise<Accepted> {
  const header: operations['submitJob']['parameters']['header'] = { 'Idempotency-Key': key };
  const path: keyof paths = '/jobs';
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...header },
    body: JSON.stringify(request),
  });
  if (response.status === 202) return (await response.json()) as Accepted;
  const problem = (await response.json()) as Unprocessable;
  throw new Error(`${problem.code satisfies string}: ${problem.errors?.[0]?.pointer ?? problem.remedy}`);
}

export function describe(job: Accepted): string {
  const percent: number | undefined = job.progress?.percent;
  const outcome:
    | 'Succeeded'
    | 'CompletedWithFailures'
    | 'Failed'
    | 'Cancelled'
    | 'NotCreated'
    | 'Lost'
    | 'WatchEnded'
    | null = job.outcome;
  return `${job.jobRequestId} ${outcome ?? job.state} ${percent ?? 0} %`;
}

// @ts-expect-error: Priority is a number
export const wrongType: Schemas['JobRequest'] = { ...request, Priority: 'high' };
// @ts-expect-error: Speed is no member
export const unknownMember: Schemas['JobRequest'] = { ...request, Speed: 1 };
// @ts-expect-error: a job request needs an operation
export const nothingToDo: Schemas['JobRequest'] = { Objects: [] };
// @ts-expect-error: there is no such outcome
export const isDone = (job: Accepted) => job.outcome === 'Done';
// @ts-expect-error: there is no such call
export const wrongPath: keyof paths = '/job';
// @ts-expect-error: this problem is of another call
export const isQuery = (problem: Unprocessable) => problem.code === 'InvalidQuery';
