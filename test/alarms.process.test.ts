import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { nextWaitSeconds } from '../functions/domain/watch/wait-policy.ts';
import type { Fault } from '../local/faults/fault.ts';
import { awsMetrics } from './support/aws-metrics.ts';
import { captureOutput, type Metric, metricsIn } from './support/function-output.ts';
import { readDocument } from './support/markdown.ts';
import { ofType, packageStack, type Resources } from './support/packaged-template.ts';
import { call, post, type SimulatedStack, simulateStack } from './support/simulated-stack.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let resources: Resources;
let stack: SimulatedStack;
const lines = captureOutput();
beforeAll(async () => {
  ({ resources } = packageStack());
  stack = await simulateStack({ stage: 'dev', keys: ['a'] });
}, 60_000);
afterEach(() => {
  stack.faults.clear();
  lines.length = 0;
});

/** What an alarm watches. Values of dimensions are intrinsic functions. */
interface Watched {
  namespace: string;
  name: string;
  dimensions: Readonly<Record<string, unknown>>;
}
interface MetricStat {
  Namespace: string;
  MetricName: string;
  Dimensions?: { Name: string; Value: unknown }[];
}
const watchedOf = ({ Namespace, MetricName, Dimensions = [] }: MetricStat): Watched => ({
  namespace: Namespace,
  name: MetricName,
  dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
});
const propertiesOf = (alarm: string) => resources[alarm]?.Properties;
const watchedBy = (alarm: string): Watched[] => {
  const { Metrics = [], ...own } = propertiesOf(alarm);
  const stats = Metrics.flatMap(({ MetricStat }: { MetricStat?: { Metric: MetricStat } }) =>
    MetricStat ? [MetricStat.Metric] : [],
  );
  return (stats.length > 0 ? stats : [own]).map(watchedOf);
};
const alarms = () => ofType(resources, 'AWS::CloudWatch::Alarm').map(([id]) => id);

const body = {
  Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'step', Value: 'done' }] } },
  Objects: [{ Bucket: 'data', Key: 'a' }],
};
const submit = async (members: object = {}): Promise<string> =>
  (await post(stack, '/jobs', { ...body, ...members })).body.jobRequestId;
const stop = (id: string) =>
  stack.sfn.send(
    new StopExecutionCommand({
      executionArn: stack.executionArnOf(id),
    }),
  );
const SNS_IS_DOWN: Fault = { service: 'sns', effect: { type: 'error', status: 503 } };
const emitted = (name: string): Metric[] => metricsIn(lines).filter((metric) => metric.name === name);

/** The highest value, and whether the alarm is raised by it. Fails if it watches another metric. */
function raisedBy(alarm: string, metrics: readonly Metric[]): boolean {
  const [watched] = watchedBy(alarm);
  expect(metrics.length).toBeGreaterThan(0);
  for (const { namespace, name, dimensions } of metrics)
    expect({ namespace, name, dimensions }).toEqual(watched);
  const { Threshold, ComparisonOperator, Statistic } = propertiesOf(alarm);
  expect(ComparisonOperator).toBe('GreaterThanThreshold');
  const values = metrics.map(({ value }) => value);
  const statistic = Statistic === 'Sum' ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
  return statistic > Threshold;
}

describe('the metrics of the functions', () => {
  test('raise an alarm when an execution ends without its notice, once', async () => {
    // 201 calls of the state machine fail, and the first of announce-stopped-watch.
    stack.faults.set([{ ...SNS_IS_DOWN, times: 202 }]);
    await stack.ended(await submit());
    await stack.clock.advance(5 * MINUTE_MS);
    expect(emitted('ExecutionsBroken')).toHaveLength(1);
    expect(raisedBy('BrokenExecutionsAlarm', emitted('ExecutionsBroken'))).toBe(true);
  });

  test('raise no alarm when a job is cancelled or its execution is stopped on purpose', async () => {
    const cancelled = await submit({ ConfirmationRequired: true });
    await stack.clock.advance(MINUTE_MS);
    await post(stack, `/jobs/${cancelled}/cancel`);
    const stopped = await submit({ ConfirmationRequired: true });
    await stack.clock.advance(MINUTE_MS);
    await stop(stopped);
    await stack.clock.advance(HOUR_MS);
    expect(
      stack.notices.filter(({ Message }) => JSON.parse(Message).kind === 'final').length,
    ).toBeGreaterThan(1);
    expect(emitted('ExecutionsBroken')).toEqual([]);
  });

  test('count a request that is cancelled before its start time, which raises no alarm', async () => {
    const StartAt = new Date(stack.clock.now() + HOUR_MS).toISOString();
    const id = await submit({ StartAt });
    await stack.clock.advance(MINUTE_MS);
    await post(stack, `/jobs/${id}/cancel`);
    await stack.clock.advance(MINUTE_MS);
    expect(metricsIn(lines)).toEqual([
      expect.objectContaining({
        name: 'JobsEnded',
        value: 1,
        dimensions: { outcome: 'Cancelled', operation: 'S3PutObjectTagging' },
      }),
    ]);
  });

  /** Runs for some hours, and returns the metrics of each hour. */
  async function hourly(name: string, hours: number) {
    const periods: Metric[][] = [];
    for (let hour = 0; hour < hours; hour++) {
      lines.length = 0;
      await stack.clock.advance(HOUR_MS);
      periods.push(emitted(name));
    }
    return periods;
  }

  test('raise an alarm when a job waits for its confirmation for more than a day, until it is confirmed', async () => {
    const id = await submit({ ConfirmationRequired: true });
    const raised = (await hourly('ConfirmationWait', 26)).map((metrics) =>
      raisedBy('ConfirmationWaitAlarm', metrics),
    );
    expect(raised.map((isRaised, hour) => (isRaised ? hour : -1)).filter((hour) => hour >= 0)).toEqual([
      24, 25,
    ]);
    await post(stack, `/jobs/${id}/confirm`);
    lines.length = 0;
    await stack.ended(id);
    expect(emitted('ConfirmationWait')).toEqual([]);
  });

  test('raise an alarm when the status cannot be read for more than an hour, until it can', async () => {
    const id = await submit({ ConfirmationRequired: true });
    await stack.clock.advance(MINUTE_MS);
    stack.faults.set([
      {
        service: 's3control',
        action: 'DescribeJob',
        effect: { type: 'error', code: 'AccessDenied', status: 403 },
      },
    ]);
    const raised = (await hourly('StatusUnreadable', 3)).map((metrics) =>
      raisedBy('StatusUnreadableAlarm', metrics),
    );
    expect(raised).toEqual([false, true, true]);
    stack.faults.clear();
    await stack.clock.advance(HOUR_MS);
    lines.length = 0;
    await post(stack, `/jobs/${id}/cancel`);
    await stack.ended(id);
    expect(emitted('StatusUnreadable')).toEqual([]);
  });

  test('have a period in which every waiting job is polled at least once, for 30 days', () => {
    // S3 fails a job that is not confirmed within 30 days. The state machine waits as long after a poll that fails.
    const longest = nextWaitSeconds({ ageSeconds: 30 * 24 * 3600 });
    for (const alarm of ['ConfirmationWaitAlarm', 'StatusUnreadableAlarm'])
      expect(propertiesOf(alarm).Period).toBeGreaterThan(longest);
  });

  test('count a job that ended, by outcome and operation only', async () => {
    await stack.ended(await submit());
    const dimensions = { outcome: 'Succeeded', operation: 'S3PutObjectTagging' };
    const common = { namespace: 'bucket-brigade-dev', dimensions };
    expect(metricsIn(lines)).toEqual([
      { ...common, name: 'JobsEnded', unit: 'Count', value: 1 },
      { ...common, name: 'JobDuration', unit: 'Seconds', value: expect.any(Number) },
      { ...common, name: 'Tasks', unit: 'Count', value: 1 },
      { ...common, name: 'FailedTasks', unit: 'Count', value: 0 },
    ]);
  });

  test('count a job once when its last poll fails and is repeated', async () => {
    const id = await submit({ ConfirmationRequired: true });
    await stack.clock.advance(MINUTE_MS);
    await post(stack, `/jobs/${id}/cancel`);
    stack.faults.set([
      { service: 's3control', action: 'DescribeJob', times: 2, effect: { type: 'disconnect' } },
    ]);
    await stack.ended(id);
    expect(stack.faults.list().faults[0]?.struck).toBe(2);
    expect(emitted('JobsEnded')).toHaveLength(1);
  });

  test('count failed tasks, jobs that were not created, and jobs that are no longer watched', async () => {
    const failing = { Objects: [{ Bucket: 'data', Key: 'missing' }] };
    await stack.ended(await submit(failing));
    stack.faults.set([
      {
        service: 's3control',
        action: 'CreateJob',
        effect: { type: 'error', code: 'AccessDenied', status: 403 },
      },
    ]);
    await stack.ended(await submit());
    stack.faults.clear();
    await stack.ended(await submit({ ConfirmationRequired: true, Watch: { DeadlineSeconds: 60 } }));
    expect(
      metricsIn(lines)
        .filter(({ name }) => name !== 'ConfirmationWait')
        .map(({ name, value, dimensions }) => [dimensions['outcome'], name, value]),
    ).toEqual([
      ['CompletedWithFailures', 'JobsEnded', 1],
      ['CompletedWithFailures', 'JobDuration', expect.any(Number)],
      ['CompletedWithFailures', 'Tasks', 1],
      ['CompletedWithFailures', 'FailedTasks', 1],
      ['NotCreated', 'JobsEnded', 1],
      ['WatchEnded', 'JobsEnded', 1],
    ]);
  });
});

describe('the metrics of AWS', () => {
  const ANNOUNCER = { Ref: 'AnnounceDashstoppedDashwatchLambdaFunction' };

  test('are published with the names and dimensions that the alarms use', () => {
    for (const alarm of alarms())
      for (const { namespace, name, dimensions } of watchedBy(alarm)) {
        if (namespace === 'bucket-brigade-dev') continue;
        expect(awsMetrics[namespace]?.names).toContain(name);
        expect(awsMetrics[namespace]?.dimensions).toContainEqual(Object.keys(dimensions));
      }
  });

  test('count an error of announce-stopped-watch when SNS is down', async () => {
    stack.faults.set([SNS_IS_DOWN]);
    await stack.ended(await submit());
    lines.length = 0;
    await stack.clock.advance(10 * MINUTE_MS);
    const [execution] = await stack.executions();
    const { handler } = await import('../functions/announce-stopped-watch.ts');
    const event = { time: '2026-01-01T00:00:00Z', detail: { name: execution?.name ?? '', status: 'FAILED' } };
    await expect(stack.clock.runUntil(handler(event, {} as Context))).rejects.toThrow();
    expect(emitted('ExecutionsBroken')).toEqual([]);
    expect(watchedBy('AnnouncementErrorsAlarm')).toEqual([
      { namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName: ANNOUNCER } },
    ]);
    expect(resources[ANNOUNCER.Ref]?.Properties.Handler).toBe('dist/announce-stopped-watch/index.handler');
  });

  test('show the depth of each queue that gets what failed for good', () => {
    const [[, rule] = []] = ofType(resources, 'AWS::Events::Rule');
    const [[, invocations] = []] = ofType(resources, 'AWS::Lambda::EventInvokeConfig');
    const queueOf = (arn: { 'Fn::GetAtt': string[] }) => arn['Fn::GetAtt'][0];
    const targets = {
      UndeliveredEventsAlarm: queueOf(rule?.Properties.Targets[0].DeadLetterConfig.Arn),
      FailedAnnouncementsAlarm: queueOf(invocations?.Properties.DestinationConfig.OnFailure.Destination),
    };
    for (const [alarm, queue] of Object.entries(targets))
      expect(watchedBy(alarm)).toEqual([
        {
          namespace: 'AWS/SQS',
          name: 'ApproximateNumberOfMessagesVisible',
          dimensions: { QueueName: { 'Fn::GetAtt': [queue, 'QueueName'] } },
        },
      ]);
    expect(
      ofType(resources, 'AWS::SQS::Queue')
        .map(([id]) => id)
        .sort(),
    ).toEqual(Object.values(targets).sort());
  });

  test('count an answer with 5xx of the API', async () => {
    stack.faults.set([{ service: 'states', effect: { type: 'error', status: 500 } }]);
    expect((await call(stack, 'GET', '/jobs')).status).toBeGreaterThanOrEqual(500);
    const routes = ofType(resources, 'AWS::ApiGatewayV2::Route');
    for (const [, { Properties }] of routes)
      expect(watchedBy('ApiErrorsAlarm')).toEqual([
        { namespace: 'AWS/ApiGateway', name: '5xx', dimensions: { ApiId: Properties.ApiId } },
      ]);
    expect(routes.length).toBeGreaterThan(0);
  });

  test('count throttles of every function, in one alarm each', () => {
    const throttled = alarms().flatMap((alarm) =>
      watchedBy(alarm).flatMap(({ name, dimensions }) =>
        name === 'Throttles' ? [dimensions['FunctionName']] : [],
      ),
    );
    const functions = ofType(resources, 'AWS::Lambda::Function').map(([id]) => ({ Ref: id }));
    const sorted = (refs: unknown[]) => refs.map((ref) => JSON.stringify(ref)).sort();
    expect(sorted(throttled)).toEqual(sorted(functions));
    for (const alarm of alarms().filter((id) => id.startsWith('Throttled'))) {
      const [sum, ...metrics] = propertiesOf(alarm).Metrics;
      expect(sum).toMatchObject({ Expression: 'SUM(METRICS())' });
      expect(metrics.length).toBeLessThanOrEqual(10); // "Limits that apply to alarms based on metric math expressions"
      for (const metric of metrics)
        expect(metric).toMatchObject({ ReturnData: false, MetricStat: { Stat: 'Sum' } });
    }
  });

  test('count notices that SNS could not deliver, of the topic to which the state machine publishes', () => {
    const topic = resources['JobStateMachine']?.Properties.DefinitionSubstitutions.NoticesTopicArn.Ref;
    expect(watchedBy('UndeliveredNoticesAlarm')).toEqual([
      {
        namespace: 'AWS/SNS',
        name: 'NumberOfNotificationsFailed',
        dimensions: { TopicName: { 'Fn::GetAtt': [topic, 'TopicName'] } },
      },
    ]);
  });
});

test('every alarm has a page in docs/operate.md that its description names, and every page has an alarm', () => {
  const page = readDocument('docs/operate.md');
  const [, chapter = ''] = /^## Alarms\n(.*?)^## /ms.exec(page) ?? [];
  const pages = new Map(
    chapter
      .split(/^### /m)
      .slice(1)
      .map((text) => [text.slice(0, text.indexOf('\n')).toLowerCase(), text]),
  );
  const named = alarms().map((alarm) => {
    const [, anchor = ''] = /docs\/operate\.md#([a-z-]+)\.$/.exec(propertiesOf(alarm).AlarmDescription) ?? [];
    const found = pages.get(anchor);
    expect(found).toContain(alarm);
    expect(found).toMatch(/^Meaning: /m);
    expect(found).toMatch(/^1\. /m);
    return anchor;
  });
  expect(new Set(named)).toEqual(new Set(pages.keys()));
});
