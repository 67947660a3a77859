/** A file of rows that a completion report names. */
export interface ResultFile {
  Bucket: string;
  Key: string;
  status: 'succeeded' | 'failed';
}

const MAX_KEY = 1024;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The files of rows in the manifest.json of a report. Throws SyntaxError for any other text. */
export function resultFilesOf(text: string, report: { bucket: string; manifestKey: string }): ResultFile[] {
  const json: unknown = JSON.parse(text);
  const results = isObject(json) ? json['Results'] : undefined;
  if (!Array.isArray(results) || !results.every(isObject))
    throw new SyntaxError(`${report.manifestKey} is not the manifest.json of a completion report`);
  // A caller who can write to the report bucket could name files of another tenant, which this role can read.
  const folder = report.manifestKey.slice(0, report.manifestKey.lastIndexOf('/') + 1);
  return results.map(({ Bucket, Key, TaskExecutionStatus }) => {
    const isInReport = typeof Key === 'string' && Key.length <= MAX_KEY && Key.startsWith(folder);
    if (Bucket !== report.bucket || !isInReport)
      throw new SyntaxError(`${report.manifestKey} names files outside the report`);
    return { Bucket, Key, status: TaskExecutionStatus === 'failed' ? 'failed' : 'succeeded' };
  });
}
