/**
 * Body of POST /jobs/{id}/cancel; it may be left out.
 */
export interface CancelRequest {
  /**
   * Kept with the job, and told in the notice.
   */
  reason?: string;
}

export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): data is CancelRequest; errors?: SchemaError[] | null };
export default validate;
