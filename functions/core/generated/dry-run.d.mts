/**
 * What POST /jobs?dryRun=true answers: what a job request would do, without doing any of it.
 */
export interface DryRun {
  /**
   * For POST /jobs?dryRunId=…, which starts exactly this or nothing. null with a ManifestGenerator, whose objects are listed when the job runs, and when the request would be refused.
   */
  dryRunId: string | null;
  /**
   * Whether there is no finding of severity error.
   */
  wouldStart: boolean;
  /**
   * null when nobody can know before the job runs.
   */
  objects: ObjectCount | null;
  /**
   * The first objects, as S3 understands the manifest: keys decoded.
   */
  firstRows: ManifestRow[];
  findings: Finding[];
  estimate: Estimate;
}
export interface ObjectCount {
  /**
   * At least so many; exactly so many when isExact.
   */
  count: number;
  /**
   * Whether the whole manifest was read.
   */
  isExact: boolean;
  /**
   * The count, or what it will be if the rest of the manifest is like what was read.
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
   * A row of docs/dry-run.md.
   */
  code: string;
  /**
   * error: S3 would fail the job, or this deployment does not allow it; the request is refused.
   */
  severity: "error" | "warning";
  detail: string;
  remedy: string;
  /**
   * JSON pointer into the request.
   */
  pointer?: string;
  /**
   * Rows, or objects, that were found so.
   */
  count?: number;
  /**
   * The first lines of the manifest that are so, from 1.
   */
  lines?: number[];
  /**
   * The data file of an inventory that the lines are of.
   */
  file?: string;
}
export interface Estimate {
  /**
   * For the likely number of objects.
   */
  usd: number;
  items: EstimateItem[];
  notIncluded: string[];
  prices: {
    /**
     * When the prices were noted.
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

export interface SchemaError {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}
declare const validate: { (data: unknown): data is DryRun; errors?: SchemaError[] | null };
export default validate;
