/**
 * Body of PATCH /jobs/{id}.
 */
export interface JobChanges {
  /**
   * Higher runs first.
   */
  Priority: number;
}

export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): data is JobChanges; errors?: SchemaError[] | null };
export default validate;
