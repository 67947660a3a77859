/** One HTTP request to an AWS service, as it came over the wire or from a client in this process. */
export interface WireRequest {
  method: string;
  /** Exactly as sent: undecoded, starts with `/`, no query. */
  path: string;
  /** Exactly as sent, without the `?`. */
  query: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: AsyncIterable<Uint8Array>;
}

export interface WireResponse {
  status: number;
  headers: Record<string, string>;
  /** Sent as one `set-cookie` header each. */
  cookies?: readonly string[];
  body?: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** Answers one request; never rejects for what a caller did wrong, only with ConnectionLost. */
export type WireHandler = (request: WireRequest) => Promise<WireResponse>;

/** An error of an AWS service: `code` and `status` as the service answers them. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;
  /** Further members of the error document, such as `Key` or `BucketName`. */
  readonly detail: Readonly<Record<string, string>>;

  constructor(code: string, status: number, message: string, detail: Record<string, string> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.detail = detail;
  }
}

/** Instead of an answer: the caller's connection is torn, and it cannot know what was done. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  /** As Node names it for a client whose server closed the connection. */
  readonly code = 'ECONNRESET';

  constructor() {
    super('socket hang up');
  }
}

/** The one account of the local stack (the SNS stand-in knows no other). */
export const ACCOUNT_ID = '000000000000';
export const REGION = 'us-east-1';
