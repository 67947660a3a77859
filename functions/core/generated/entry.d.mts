/**
 * The entry point of the API: its name and links to its calls.
 */
export interface Entry {
  name: "bucket-brigade";
  /**
   * The version of the contract at GET /openapi.json.
   */
  version: string;
  /**
   * Paths of this API.
   */
  links: {
    /**
     * POST accepts a job request, GET lists the caller's jobs.
     */
    jobs: "/jobs";
    /**
     * GET returns the contract of the API, as OpenAPI 3.1.
     */
    contract: "/openapi.json";
    /**
     * GET checks that the API answers.
     */
    health: "/health";
  };
}
