import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/**
 * Every metric of the functions. monitoring.yml names them in alarms and on the dashboard. CloudWatch bills each
 * combination of dimension values, so the only dimensions are outcome and operation, which have few values. Error codes
 * and all else that callers can choose are in the logs.
 */
const units = {
  /** Job requests whose job ended, was not created, was lost, or is no longer watched. */
  JobsEnded: MetricUnit.Count,
  /** From the creation of a job to its end. */
  JobDuration: MetricUnit.Seconds,
  Tasks: MetricUnit.Count,
  FailedTasks: MetricUnit.Count,
  /** Executions that ended without a final notice, although nobody stopped them. */
  ExecutionsBroken: MetricUnit.Count,
  /** For how long a job has been waiting for its confirmation. */
  ConfirmationWait: MetricUnit.Seconds,
  /** For how long the status of a job could not be read. */
  StatusUnreadable: MetricUnit.Seconds,
} as const;

const metrics = new Metrics();
metrics.clearDefaultDimensions();

/**
 * Writes one log line of which CloudWatch makes metrics (embedded metric format). The namespace is that of the stage, by
 * POWERTOOLS_METRICS_NAMESPACE. Call it last: a function that is retried because it failed then has emitted nothing. An
 * answer of Lambda that is lost leads to a second line.
 */
export function emitMetrics(
  values: Partial<Record<keyof typeof units, number>>,
  dimensions: { outcome?: string; operation?: string } = {},
): void {
  metrics.addDimensions(dimensions);
  for (const [name, value] of Object.entries(values))
    metrics.addMetric(name, units[name as keyof typeof units], value);
  metrics.publishStoredMetrics();
}
