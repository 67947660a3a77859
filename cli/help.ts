import type { Command } from './command.ts';
import { commonOptions } from './options.ts';

function columns(rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map(([left = '']) => left.length));
  return rows.map(([left = '', right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

/** Of the program as a whole. */
export const programHelp = (commands: readonly Command[]): string =>
  `Run an S3 Batch Operations job over many objects, and see how it ended.

Usage: bucket-brigade COMMAND [OPTIONS]

${columns(commands.map(({ name, arguments: args = '', summary }) => [`${name} ${args}`.trim(), summary]))}

Example: bucket-brigade jobs tag --set team=media --prefix s3://my-bucket/photos/ --wait

"bucket-brigade COMMAND --help" shows the options of a command.
BUCKET_BRIGADE_API names the API; calls to https are signed with your AWS credentials,
or carry BUCKET_BRIGADE_TOKEN.`;

export const commandHelp = ({ name, arguments: args, summary, details, options, example }: Command): string =>
  [
    `${summary}.`,
    `Usage: bucket-brigade ${[name, args, '[OPTIONS]'].filter(Boolean).join(' ')}`,
    ...(details ? [details] : []),
    columns([...options, ...commonOptions].map((line) => line.split(/ {2}(.*)/))),
    `Example: bucket-brigade ${example}`,
  ].join('\n\n');
