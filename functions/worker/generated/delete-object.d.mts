/**
 * Deletes the version that the manifest names. Without a version, deletes the current object as the versioning of its bucket defines.
 */
export interface DeleteObject {
  /**
   * report-only reports what the action would do, and changes nothing. Default: delete.
   */
  mode?: "delete" | "report-only";
  /**
   * An ETag. Only objects with this ETag are deleted.
   */
  etag?: string;
}
import type { SchemaError } from '../../core/schema-advice.ts';
declare const validate: { (data: unknown): data is DeleteObject; errors?: SchemaError[] | null };
export default validate;
export const argumentTypes: {"mode":"string","etag":"string"};
