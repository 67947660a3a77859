import type { Command } from './command.ts';

function columns(rows: readonly { usage: string; text: string }[]): string {
  const width = Math.max(...rows.map(({ usage }) => usage.length));
  return rows.map(({ usage, text }) => `  ${usage.padEnd(width)}  ${text}`).join('\n');
}

/** Of the program as a whole. */
export const programHelp = (commands: readonly Command[]): string =>
  `Run an S3 Batch Operations job over many objects, and see how it ended.

Usage: bucket-brigade COMMAND [OPTIONS]

${columns(commands.map(({ usage, summary: text }) => ({ usage, text })))}

Example: bucket-brigade jobs tag --set team=media --prefix s3://my-bucket/photos/ --wait

"bucket-brigade COMMAND --help" shows the options of a command.
BUCKET_BRIGADE_API names the API; calls to https are signed with your AWS credentials,
or carry BUCKET_BRIGADE_TOKEN.`;

export const commandHelp = ({ usage, summary, details, options, example }: Command): string =>
  [
    `${summary}.`,
    `Usage: bucket-brigade ${usage} [OPTIONS]`,
    ...details,
    columns(options.map(({ usage: option, description: text }) => ({ usage: option, text }))),
    example,
  ].join('\n\n');
