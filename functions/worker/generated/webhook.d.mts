/**
 * Posts signed JSON about the object to an address that the deployment lists.
 */
export interface Webhook {
  url: string;
}

export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): data is Webhook; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {"url":"string"};
