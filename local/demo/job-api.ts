/** The members of the API's job resource that the demo reads. */
export interface JobResource {
  jobRequestId: string;
  state: 'Requested' | 'Watched' | 'Ended' | 'NotWatched';
  outcome: string | null;
  /** S3's own status. */
  status: string | null;
  progress: { total: number; succeeded: number; failed: number } | null;
  report: { bucket: string; manifestKey: string } | null;
}

/** Calls the HTTP API. Throws an error with the problem document for any answer that is no success. */
export function createJobApi(apiUrl: string) {
  const call = async (method: string, path: string, body?: object): Promise<JobResource> => {
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} returned ${response.status}: ${text}`);
    return JSON.parse(text) as JobResource;
  };
  return {
    submit: (body: object) => call('POST', '/jobs', body),
    get: (id: string) => call('GET', `/jobs/${id}`),
    confirm: (id: string) => call('POST', `/jobs/${id}/confirm`),
  };
}

export type JobApi = ReturnType<typeof createJobApi>;
