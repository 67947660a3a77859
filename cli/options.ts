/**
 * Options as the help shows them, which is also how they are defined: `-f, --file FILE  what it is`. A placeholder makes
 * it take a value; `...` behind it allows several; `A|B` in capitals as the placeholder are its only values.
 */
import type { Option } from './command.ts';

export const commonOptions = [
  '--api URL  Address of the API; default: BUCKET_BRIGADE_API, or http://127.0.0.1:3000',
  '--json  Print the JSON of the API on stdout, unchanged',
  '-h, --help  Show this help',
];

export const yesOption = ['-y, --yes  Do not ask before what cannot be undone'];

export const timeoutOption = ['--timeout DURATION  Stop waiting after this time (90s, 2h) and exit with 14'];

/** Of every command that starts a job. */
export const startOptions = [
  '--wait  Wait until the job is final; the exit code says how it ended',
  ...timeoutOption,
  '--idempotency-key KEY  The same key and request again is the same job',
  ...yesOption,
];

/** Of every command that makes a job request. */
export const submitOptions = [
  '--manifest s3://BUCKET/KEY  A manifest in S3: CSV of bucket and key',
  '--fields LIST  Columns of the manifest; default: Bucket,Key',
  '--objects FILE|-  Keys, one a line, s3:// addresses, or JSON of aws s3api list-objects-v2; - is stdin',
  '--bucket NAME  Bucket of the keys in --objects',
  '--prefix s3://BUCKET/PREFIX  All objects under a prefix; S3 lists them when the job starts',
  '--manifest-bucket BUCKET[/PREFIX]  Where a list that is too long for a request is stored, with your credentials',
  '--description TEXT  Shown in lists and notices',
  '--priority N  Jobs with a higher number run first',
  '--tag NAME=VALUE...  A tag of the job (not of its objects)',
  '--require-confirmation  Create the job suspended; "jobs confirm ID" starts it',
  '--dry-run  Show the count, first rows, findings and price; create nothing',
  '--dry-run-id ID  Start exactly what this dry run showed, or nothing',
  ...startOptions,
];

/** Reads one line of the help. */
export function optionOf(line: string): Option {
  const [, short, name = '', value, description = ''] =
    /^(?:-(\w), )?--([\w-]+)(?: (\S+))? {2}(.*)$/.exec(line) ?? [];
  const isMultiple = value?.endsWith('...') ?? false;
  const values = value && /^[A-Z]+(\|[A-Z]+)+$/.test(value) ? value.split('|') : undefined;
  return {
    name,
    description,
    isMultiple,
    ...(short && { short }),
    ...(value && { value }),
    ...(values && { values }),
  };
}
