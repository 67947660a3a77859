import { jest } from '@jest/globals';

/** One line that a function printed: a log line or metrics. */
// biome-ignore lint/suspicious/noExplicitAny: a line has any members
export type Line = Record<string, any>;

/** Keeps what functions print: log lines at info and above, and metrics. Call it before the handlers are imported. */
export function captureOutput(): Line[] {
  process.env['POWERTOOLS_LOG_LEVEL'] = 'INFO'; // read when the logger is created
  process.env['POWERTOOLS_METRICS_DISABLED'] = 'false';
  const lines: Line[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      if (!String(text).startsWith('{')) return write(text);
      for (const line of String(text).trim().split('\n')) lines.push(JSON.parse(line));
      return true;
    });
  }
  return lines;
}

export interface Metric {
  namespace: string;
  name: string;
  unit: string;
  value: number;
  dimensions: Readonly<Record<string, string>>;
}

/** The metrics that CloudWatch makes of these lines, by the specification of the embedded metric format. */
export const metricsIn = (lines: readonly Line[]): Metric[] =>
  lines.flatMap((line) =>
    (line['_aws']?.CloudWatchMetrics ?? []).flatMap(({ Namespace, Dimensions, Metrics }: Line) =>
      Dimensions.flatMap((names: string[]) =>
        Metrics.map(({ Name, Unit }: Line) => ({
          namespace: Namespace,
          name: Name,
          unit: Unit,
          value: line[Name],
          dimensions: Object.fromEntries(names.map((name) => [name, line[name]])),
        })),
      ),
    ),
  );
