/** Every command: the help, the completion and the dispatch read this table. */
import type { Command, Run } from './command.ts';
import { startOptions, submitOptions, timeoutOption, yesOption } from './options.ts';

/** A job request for each operation, from docs/cookbook.md; tools/build-cli.ts puts them in. */
declare const TEMPLATES: Readonly<Record<string, object>>;
export const templates = TEMPLATES;

const code = '--code CODE...  Only objects that failed with this error code';
const make = () => import('./commands/create.ts');
const onJob = () => import('./commands/jobs.ts');

/** `usage` is the name with the placeholders of its arguments, `details` more than the summary says. */
function command(
  usage: string,
  summary: string,
  options: readonly string[],
  example: string,
  load: () => Promise<Run>,
  details?: string,
): Command {
  const [, name = '', args] = /^([a-z -]+?)(?: ([A-Z[].*))?$/.exec(usage) ?? [];
  return {
    name,
    summary,
    options,
    example,
    load,
    ...(args && { arguments: args }),
    ...(details && { details }),
  };
}

export const commands: readonly Command[] = [
  command(
    'jobs create',
    'Create a job from a file, or from an operation and its objects',
    [
      '-f, --file FILE|-  A job request as JSON; see: bucket-brigade template',
      '--operation JSON|NAME  The Operation member; its name alone when it takes no arguments',
      ...submitOptions,
    ],
    'jobs create -f job.json --dry-run',
    async () => (await make()).create,
  ),
  command(
    'jobs tag',
    'Replace all tags of each object',
    ['--set NAME=VALUE...  A tag that each object gets', ...submitOptions],
    'jobs tag --set team=media --prefix s3://my-bucket/photos/ --wait',
    async () => (await make()).tag,
    'To keep the tags that an object has: jobs run merge-tags.',
  ),
  command(
    'jobs untag',
    'Remove all tags of each object',
    submitOptions,
    'jobs untag --manifest s3://my-bucket/manifest.csv',
    async () => (await make()).untag,
  ),
  command(
    'jobs copy',
    'Copy each object (at most 5 GB) to a bucket or prefix',
    [
      '--to s3://BUCKET/PREFIX  Where the copies go',
      '--storage-class CLASS  Storage class of the copies, such as STANDARD_IA',
      ...submitOptions,
    ],
    'jobs copy --to s3://my-archive/2026 --prefix s3://my-bucket/2026/',
    async () => (await make()).copy,
    'For larger objects: jobs run copy-large.',
  ),
  command(
    'jobs restore',
    'Make archived objects readable for some days',
    [
      '--days N  How many days the restored copies stay',
      '--tier BULK|STANDARD  BULK (default) is cheaper, STANDARD is sooner',
      ...submitOptions,
    ],
    'jobs restore --days 7 --manifest s3://my-bucket/archived.csv',
    async () => (await make()).restore,
  ),
  command(
    'jobs run ACTION',
    'Run an action of the worker on each object',
    ['--arg NAME=VALUE...  An argument of the action', ...submitOptions],
    'jobs run gzip --arg level=9 --prefix s3://my-bucket/logs/',
    async () => (await make()).runAction,
    'docs/actions.md lists the actions: merge-tags, copy-large, verify-checksum, gzip, …',
  ),
  command(
    'jobs list',
    'List job requests, newest first',
    [
      '--status STATUS...  A status of S3, a state or an outcome, such as Active or Failed',
      '--operation NAME  Only jobs with this operation',
      '--since TIME  Only jobs submitted since yesterday, 2h, or a date',
      '--until TIME  Only jobs submitted before',
      '--tag NAME=VALUE  Only jobs with this tag',
      '--text TEXT  Only jobs whose id or description contains this',
      '--limit N  How many at most; default: 20',
    ],
    'jobs list --status Failed --since yesterday',
    async () => (await import('./commands/list.ts')).run,
  ),
  command(
    'jobs get ID',
    'Show a job request',
    ['--exit-status  Exit as "jobs wait" would: 0 for Succeeded, 14 while it is running'],
    'jobs get 5f3a…-9c1b…',
    async () => (await onJob()).get,
  ),
  command(
    'jobs wait ID...',
    'Wait until job requests are final',
    timeoutOption,
    'jobs wait 5f3a…-9c1b… --timeout 2h',
    async () => (await import('./commands/wait.ts')).run,
    'Exits with 0 for Succeeded, 10 to 13 for other outcomes, 14 when the time is over; with the highest of several jobs.',
  ),
  command(
    'jobs confirm ID',
    'Start a job that waits for confirmation',
    [],
    'jobs confirm 5f3a…-9c1b…',
    async () => (await onJob()).confirm,
  ),
  command(
    'jobs cancel ID',
    'Cancel a job; what has run stays done',
    ['--reason TEXT  Kept with the job and shown in its notice', ...yesOption],
    'jobs cancel 5f3a…-9c1b… --reason "wrong bucket"',
    async () => (await onJob()).cancel,
  ),
  command(
    'jobs priority ID PRIORITY',
    'Change the priority of a job',
    [],
    'jobs priority 5f3a…-9c1b… 50',
    async () => (await onJob()).priority,
  ),
  command(
    'jobs tag-set ID [NAME=VALUE...]',
    'Replace the tags of a job (not of its objects)',
    [],
    'jobs tag-set 5f3a…-9c1b… team=media',
    async () => (await onJob()).tagSet,
  ),
  command(
    'jobs report ID',
    'Show why objects failed, by error code and folder',
    [],
    'jobs report 5f3a…-9c1b…',
    async () => (await onJob()).report,
  ),
  command(
    'jobs failures ID',
    'List the objects that failed',
    ['--csv  Print CSV, safe for spreadsheets', code, '--limit N  How many at most; default: all'],
    'jobs failures 5f3a…-9c1b… --code AccessDenied --csv > failed.csv',
    async () => (await onJob()).failures,
  ),
  command(
    'jobs retry ID',
    'Run the failed objects again, as a new job',
    [code, ...startOptions],
    'jobs retry 5f3a…-9c1b… --code AccessDenied --wait',
    async () => (await onJob()).retry,
    'Without --code: the objects whose error may pass by itself, such as SlowDown.',
  ),
  command(
    'template OPERATION',
    'Print a complete job request to edit',
    [],
    'template S3PutObjectCopy > job.json',
    async () => (await import('./commands/template.ts')).run,
    `Operations: ${Object.keys(templates).join(', ')}.`,
  ),
  command(
    'doctor',
    'Check the connection, who you are, and what you may name',
    [],
    'doctor --api https://abc123.execute-api.us-east-1.amazonaws.com',
    async () => (await import('./commands/doctor.ts')).run,
  ),
  command(
    'console',
    'Serve the page on this machine, and sign its calls',
    [
      '--port N  Port on 127.0.0.1; default: a free one',
      '--read-only  Refuse every call that changes something',
    ],
    'console --api https://abc123.execute-api.us-east-1.amazonaws.com --read-only',
    async () => (await import('./commands/console.ts')).run,
    'It prints an address to open in a browser on this machine; other users of it cannot open the page.',
  ),
  command(
    'completion SHELL',
    'Print the completion script of a shell',
    [],
    'completion bash > ~/.local/share/bash-completion/completions/bucket-brigade',
    async () => (await import('./commands/completion.ts')).run,
    'Shells: bash, zsh, fish.',
  ),
];
