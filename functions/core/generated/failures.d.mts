import type { FailedTask } from './report.mjs';
/**
 * Answer of GET /jobs/{id}/failures: a page of the failed tasks of a job.
 */
export interface Failures {
  jobRequestId: string;
  /**
   * @maxItems 1000
   */
  failures: FailedTask[];
  /**
   * null on the last page. Any other page can be short or empty.
   */
  nextPageToken: string | null;
}
