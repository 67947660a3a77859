/** One HTTP request to an AWS service, from a socket or from a client in this process. */
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

/** Answers one request. Rejects only with ConnectionLost, never because of the request. */
export type WireHandler = (request: WireRequest) => Promise<WireResponse>;
