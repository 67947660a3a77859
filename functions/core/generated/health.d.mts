/**
 * The API answers, the caller is authorized, and functions run. The call uses no other service: calls that depend on AWS report its failures.
 */
export interface Health {
  status: "up";
  /**
   * The version of the contract at GET /openapi.json.
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
