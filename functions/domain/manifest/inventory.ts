import { bucketOfArn } from '../allowed/arns.ts';

/** The content of the manifest.json of an inventory report. */
export interface Inventory {
  bucket: string;
  /** As in Manifest.Spec.Fields. */
  columns: string[];
  files: { key: string; md5: string; size: number }[];
}

type Members = Record<string, unknown>;

const MAX_KEY = 1024;
/** S3 offers about 20 columns. */
const MAX_COLUMNS = 100;

const filesOf = (files: unknown): Inventory['files'] | undefined => {
  if (!Array.isArray(files)) return undefined;
  const known = (files as (Members | null)[]).flatMap((file) => {
    const { key, MD5checksum: md5, size } = file ?? {};
    if (typeof key !== 'string' || key.length > MAX_KEY || typeof md5 !== 'string') return [];
    return [{ key, md5, size: typeof size === 'number' ? size : 0 }];
  });
  return known.length === files.length ? known : undefined;
};

/** Undefined unless the text is the manifest.json of a CSV inventory with the columns Bucket and Key. */
export function inventoryOf(text: string): Inventory | undefined {
  let json: Members | null;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { destinationBucket, fileFormat, fileSchema, files } = json ?? {};
  const bucket =
    bucketOfArn(String(destinationBucket)) ?? /^[a-z0-9.-]+$/.exec(String(destinationBucket))?.[0];
  const columns =
    typeof fileSchema === 'string' ? fileSchema.split(',', MAX_COLUMNS + 1).map((name) => name.trim()) : [];
  const known = filesOf(files);
  if (columns.length > MAX_COLUMNS) return undefined;
  const isUsable = fileFormat === 'CSV' && columns.includes('Bucket') && columns.includes('Key');
  return bucket && known && isUsable ? { bucket, columns, files: known } : undefined;
}
