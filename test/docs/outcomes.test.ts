import * as S3 from '@aws-sdk/client-s3';
import * as S3Control from '@aws-sdk/client-s3-control';
import * as Sns from '@aws-sdk/client-sns';
import { describe, expect, test } from '@jest/globals';
import {
  callFailing,
  functionErrors,
  functionFailing,
  publishingRow,
  publishingStates,
  statusRow,
} from '../support/outcome-rows.ts';
import { loadWatch } from '../support/watch.ts';

const run = await loadWatch();
const err = (name: string, status?: number) =>
  Object.assign(new Error('m'), { name, $metadata: { httpStatusCode: status } });
test('x', async () => {
  const out: unknown[] = [];
  for (const s of [...Object.values(S3Control.JobStatus), 'Zzz'])
    out.push((await statusRow(run, s)).join(' | '));
  for (const [n, st] of [
    ['SlowDown', 503],
    ['InternalError', 500],
    ['AccessDenied', 403],
    ['NoSuchJob', 404],
    ['NoSuchKey', 404],
  ] as const)
    for (const c of ['CreateJob', 'ListJobs', 'DescribeJob', 'GetObject'] as const)
      out.push([n, c, (await callFailing(run, c, err(n, st))).cell].join(' | '));
  for (const e of [...functionErrors(), 'TypeError'])
    for (const c of ['CreateJob', 'DescribeJob', 'SummarizeReport'])
      out.push([e, c, (await functionFailing(run, c, e)).cell].join(' | '));
  for (const s of publishingStates)
    out.push((await publishingRow(run, s, () => Promise.reject(new Error('x')))).join(' | '));
  console.log(out.join('\n'));
});
