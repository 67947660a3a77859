/**
 * Body of POST /jobs/{id}/cancel. The body is optional.
 */
export interface CancelRequest {
  /**
   * The reason of the cancellation: kept with the job, and part of the notice.
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
