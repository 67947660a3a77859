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
