import { isBucketName } from './lint-cells.ts';

/** What a finding says of one case instead of the words of its catalogue. */
export interface Advice {
  detail?: string;
  remedy?: string;
}

/** S3 Inventory offers about 20 columns. */
const MAX_COLUMNS = 100;
const SEPARATORS: Record<string, string> = { ';': '`;`', '\t': 'tabs', '|': '`|`' };

const INVENTORY =
  'name the `manifest.json` of the report in `Manifest.Location`, and set `Manifest.Spec.Format` to `S3InventoryReport_CSV_20161130`, without `Fields`';

/** For a manifest that starts like JSON. */
export const JSON_ADVICE: Advice = {
  detail: 'The file contains JSON instead of CSV.',
  remedy: `List one object in each line. For an S3 Inventory report, ${INVENTORY}.`,
};

const isFlag = (text: string | undefined) => text === 'true' || text === 'false';
/** A time, a flag or an ETag as S3 Inventory writes them. */
const isInventoryCell = (text: string) =>
  isFlag(text) || /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) || /^[0-9a-f]{32}(-\d+)?$/.test(text);

/** The likely cause of a wrong number of columns, as the remedy; undefined when the row shows none. */
function remedyFor(fields: readonly string[], expected: number): string | undefined {
  const [first = ''] = fields;
  if (first.startsWith('s3://'))
    return 'Write `BUCKET,KEY` instead of `s3://BUCKET/KEY`, and URL-encode the key.';
  const separator = Object.keys(SEPARATORS).find((each) => first.split(each).length === expected);
  if (fields.length === 1 && separator !== undefined)
    return `The columns are separated by ${SEPARATORS[separator]}. Separate them with commas.`;
  const isInventory = isBucketName(first) && fields.length > 2 && fields.slice(2).some(isInventoryCell);
  if (!isInventory || fields.length > MAX_COLUMNS) return undefined;
  // IsLatest and IsDeleteMarker follow the version id.
  const hasVersions = isFlag(fields[3]) && isFlag(fields[4]);
  const names = fields.map((_, i) => ['Bucket', 'Key', hasVersions ? 'VersionId' : 'Ignore'][i] ?? 'Ignore');
  return `The row is like those of an S3 Inventory data file. Set \`Manifest.Spec.Fields\` to \`${JSON.stringify(names)}\`, or ${INVENTORY}.`;
}

export function columnAdvice(fields: readonly string[], columns: readonly string[], isCsv: boolean): Advice {
  const found = fields.length === 1 ? '1 column' : `${fields.length} columns`;
  const where = isCsv ? '`Manifest.Spec.Fields`' : 'the `fileSchema` of the inventory';
  const remedy = isCsv ? remedyFor(fields, columns.length) : undefined;
  return {
    detail: `A row has ${found}; ${where} has ${columns.length} (${columns.slice(0, MAX_COLUMNS).join(', ')}).`,
    ...(remedy !== undefined && { remedy }),
  };
}
