/**
 * Posts signed JSON about the object to an address that the deployment lists.
 */
export interface Webhook {
  url: string;
}
import type { SchemaError } from './schema-error.mjs';
declare const validate: { (data: unknown): data is Webhook; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {"url":"string"};
