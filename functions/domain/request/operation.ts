import type { JobRequest } from '../../core/generated/job-request.mjs';

/** The name of the operation of a request. */
export const operationNameOf = (request: Pick<JobRequest, 'Operation'>): string =>
  Object.keys(request.Operation)[0] ?? '';
