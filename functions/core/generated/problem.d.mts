/**
 * Why a call was refused: RFC 9457, with a code for programs and a remedy for people.
 */
export interface Problem {
  /**
   * urn:bucket-brigade:problem: and the code.
   */
  type: string;
  title: string;
  /**
   * The HTTP status.
   */
  status: number;
  /**
   * What happened this time. When AWS itself refused something, its own code is at the start.
   */
  detail: string;
  code: string;
  /**
   * What to do about it.
   */
  remedy: string;
  /**
   * Every fault that was found.
   *
   * @minItems 1
   */
  errors?: Fault[];
  requestId: string;
}
/**
 * One fault of a request.
 */
export interface Fault {
  /**
   * Into the body (RFC 6901), "" for the whole of it; ?NAME for a query parameter.
   */
  pointer: string;
  detail: string;
  code: string;
}

export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): data is Problem; errors?: SchemaError[] | null };
export default validate;
