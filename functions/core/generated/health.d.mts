/**
 * The API answers, the caller is let in, and functions run. Nothing else was asked: what AWS services are down, the calls that need them say.
 */
export interface Health {
  status: "up";
  /**
   * Of the contract at GET /openapi.json.
   */
  version: string;
}

export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): data is Health; errors?: SchemaError[] | null };
export default validate;
