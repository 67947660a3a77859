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

/** Closes the caller's connection instead of answering. The caller cannot know whether the action took effect. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  /** The code that Node gives a client whose server closed the connection. */
  readonly code = 'ECONNRESET';

  constructor() {
    super('socket hang up');
  }
}
