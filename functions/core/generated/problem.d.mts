/**
 * Problem details (RFC 9457), with a code for programs and a remedy for people.
 */
export interface Problem {
  /**
   * urn:bucket-brigade:problem: followed by the code.
   */
  type: string;
  title: string;
  /**
   * The HTTP status.
   */
  status: number;
  /**
   * The description of this error. If AWS refused a call, it starts with the error code of AWS.
   */
  detail: string;
  code: string;
  /**
   * What to do next.
   */
  remedy: string;
  /**
   * All faults of the request, at most 100.
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
   * JSON pointer into the body (RFC 6901); "" is the whole body, ?NAME a query parameter.
   */
  pointer: string;
  detail: string;
  code: string;
}
