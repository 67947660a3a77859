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
