import type { DryRun } from '../../functions/core/generated/dry-run.mjs';
import { printable, table } from './table.ts';
import type { Terminal } from './terminal.ts';
import { count } from './words.ts';

/** A dry run for people: verdict, count, first rows, findings with their lines, price, and how to start exactly this. */
export function dryRunText(
  { wouldStart, objects, firstRows, findings, estimate, dryRunId }: DryRun,
  terminal: Terminal,
): string {
  const { style, columns } = terminal;
  const rows = firstRows.map(({ Bucket, Key, VersionId = '' }) => [Bucket, VersionId, Key]);
  const hasVersions = firstRows.some(({ VersionId }) => VersionId !== undefined);
  return [
    wouldStart ? style('green', 'The job would start.') : style('red', 'The job would be refused.'),
    `Objects   ${objects ? `${objects.isExact ? '' : 'about '}${count(objects.likely)}` : 'known when the job runs'}`,
    `Price     ${estimate.usd.toLocaleString('en-US', { style: 'currency', currency: 'USD' })} (prices of ${estimate.prices.date}, ${estimate.prices.region}; without ${estimate.notIncluded.join(', ')})`,
    ...(rows.length > 0
      ? [
          '',
          hasVersions
            ? table(['BUCKET', 'VERSION', 'KEY'], rows, columns)
            : table(
                ['BUCKET', 'KEY'],
                rows.map(([bucket = '', , key = '']) => [bucket, key]),
                columns,
              ),
        ]
      : []),
    ...findings.flatMap(({ code, severity, detail, remedy, lines, file, pointer }) => [
      '',
      `${style(severity === 'error' ? 'red' : 'yellow', severity)} ${code}${pointer ? ` at ${pointer}` : ''}: ${printable(detail)}`,
      ...(lines?.length ? [`  Lines ${lines.join(', ')}${file ? ` of ${file}` : ''}`] : []),
      `  ${remedy}`,
    ]),
    ...(wouldStart && dryRunId
      ? ['', `To start exactly this, repeat the command with: --dry-run-id ${dryRunId}`]
      : []),
  ].join('\n');
}
