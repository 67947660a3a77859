/**
 * Answer of POST /jobs?dryRun=true: what the job request would do. Nothing is created.
 */
export interface DryRun {
  /**
   * For POST /jobs?dryRunId=…, which starts exactly this or nothing. null if the request would be refused, and for a ManifestGenerator, because S3 lists its objects when the job runs.
   */
  dryRunId: string | null;
  /**
   * true if no finding has the severity error.
   */
  wouldStart: boolean;
  /**
   * null if the number is unknown until the job runs.
   */
  objects: ObjectCount | null;
  /**
   * The first rows as S3 reads them, with decoded keys.
   */
  firstRows: ManifestRow[];
  findings: Finding[];
  estimate: Estimate;
}
export interface ObjectCount {
  /**
   * The number of objects read so far. If isExact is true, there are no more.
   */
  count: number;
  /**
   * true if the manifest was read to its end.
   */
  isExact: boolean;
  /**
   * The expected number of objects: count, or an estimate from the size of the manifest.
   */
  likely: number;
}
export interface ManifestRow {
  Bucket: string;
  Key: string;
  VersionId?: string;
}
export interface Finding {
  /**
   * The code of the finding; docs/dry-run.md lists all of them.
   */
  code: string;
  /**
   * error: S3 would fail the job, or this deployment does not allow it, so the request is refused.
   */
  severity: "error" | "warning";
  detail: string;
  remedy: string;
  /**
   * JSON pointer into the request body.
   */
  pointer?: string;
  /**
   * The number of rows or objects with this finding.
   */
  count?: number;
  /**
   * The first lines of the manifest with this finding, counted from 1.
   */
  lines?: number[];
  /**
   * The data file of the inventory to which the lines belong.
   */
  file?: string;
  /**
   * The keys of the first sampled objects with this finding, at most 10.
   */
  keys?: string[];
}
export interface Estimate {
  /**
   * The price in US dollars for the expected number of objects.
   */
  usd: number;
  items: EstimateItem[];
  notIncluded: string[];
  prices: {
    /**
     * The date of the list prices.
     */
    date: string;
    region: string;
  };
}
export interface EstimateItem {
  item: string;
  quantity: number;
  usd: number;
}
