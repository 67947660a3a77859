/**
 * Posts signed JSON about the object to an address that the deployment lists.
 */
export interface Webhook {
  /**
   * An https URL without credentials and without a fragment.
   */
  url: string;
}
import type { SchemaError } from '../../core/schema-advice.ts';
declare const validate: { (data: unknown): data is Webhook; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {"url":"string"};
