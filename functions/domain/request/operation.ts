import type { JobRequest } from '../../core/generated/job-request.mjs';

/** The name of the one operation of a request, as S3 Batch Operations has it. */
export const operationNameOf = (request: Pick<JobRequest, 'Operation'>): string =>
  Object.keys(request.Operation)[0] ?? '';
