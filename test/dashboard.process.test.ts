/** The dashboard and the saved queries of the packaged template, against what the handlers really print. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { awsMetrics } from './support/aws-metrics.ts';
import { captureOutput, type Line, metricsIn } from './support/function-output.ts';
import { readDocument, tableBelow } from './support/markdown.ts';
import { ofType, packageStack, type Resources, root } from './support/packaged-template.ts';
import { call, post, type SimulatedStack, simulateStack } from './support/simulated-stack.ts';

const NAMESPACE = 'bucket-brigade-dev';
const HOUR_MS = 3_600_000;

let resources: Resources;
let stack: SimulatedStack;
/** The job request with a failed task. */
let failing: string;
/** What the handlers print for a few job requests, good and bad. */
const lines = captureOutput();
beforeAll(async () => {
  ({ resources } = packageStack());
  stack = await simulateStack({ stage: 'dev', keys: ['a'] });
  const tagging = { Operation: { S3DeleteObjectTagging: {} } };
  const submit = async (key: string, members: object = {}): Promise<string> =>
    (await post(stack, '/jobs', { ...tagging, Objects: [{ Bucket: 'data', Key: key }], ...members })).body
      .jobRequestId;
  failing = await submit('missing');
  await stack.ended(failing);
  const invoke = { LambdaInvoke: { UserArguments: { action: 'verify-checksum' } } };
  await stack.ended(await submit('missing', { Operation: invoke }));
  const waiting = await submit('a', { ConfirmationRequired: true });
  await stack.clock.advance(HOUR_MS);
  const accessDenied = { type: 'error' as const, code: 'AccessDenied', status: 403 };
  stack.faults.set([{ service: 's3control', effect: accessDenied }]);
  await stack.ended(await submit('a'));
  await stack.clock.advance(HOUR_MS);
  stack.faults.set([{ service: 'sns', times: 202, effect: { type: 'error', status: 503 } }]);
  await post(stack, `/jobs/${waiting}/cancel`);
  await stack.ended(waiting);
  await stack.clock.advance(HOUR_MS);
  await call(stack, 'GET', `/jobs/${'0'.repeat(20)}-${'0'.repeat(32)}`);
  await post(stack, '/jobs', {});
}, 60_000);

interface Widget {
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: the document has no types
  properties: any;
}
const dashboard = (): string => resources['Dashboard']?.Properties.DashboardBody['Fn::Sub'];
const widgets = (type: string): Widget['properties'][] =>
  (JSON.parse(dashboard()).widgets as Widget[])
    .filter((widget) => widget.type === type)
    .map(({ properties }) => properties);
type Row = (string | { expression?: string; id?: string })[];
const rows = () => widgets('metric').flatMap(({ metrics }) => metrics as Row[]);
const expressions = () =>
  rows().flatMap(([first]) => (typeof first === 'object' ? (first.expression ?? '') : []));

describe('the dashboard', () => {
  const shape = (namespace: string, name: string, dimensions: readonly string[]) =>
    `${namespace} ${name} ${[...dimensions].sort()}`;
  const emitted = () =>
    new Set(metricsIn(lines).map((m) => shape(m.namespace, m.name, Object.keys(m.dimensions))));

  test('names metrics that a function emits, or that AWS publishes, with these dimensions', () => {
    const named = rows().filter(([first]) => typeof first === 'string');
    expect(named.length).toBeGreaterThan(8);
    for (const row of named) {
      const [namespace = '', name = '', ...rest] = row.filter((cell) => typeof cell === 'string');
      const dimensions = rest.filter((_, i) => i % 2 === 0);
      if (namespace === NAMESPACE) expect([...emitted()]).toContain(shape(namespace, name, dimensions));
      else {
        expect(awsMetrics[namespace]?.names).toContain(name);
        expect(awsMetrics[namespace]?.dimensions).toContainEqual(dimensions);
      }
    }
  });

  test('searches for metrics that a function emits, by its dimensions', () => {
    const searches = expressions().filter((text) => text.includes('SEARCH'));
    expect(searches.length).toBeGreaterThan(5);
    for (const text of searches) {
      const [, namespace = '', dimensions = '', name = ''] =
        /SEARCH\('\{"([^"]+)",([\w,]+)\} MetricName="(\w+)"/.exec(text) ?? [];
      expect([...emitted()]).toContain(shape(namespace, name, dimensions.split(',')));
    }
    expect(new Set(searches.map((text) => /MetricName="(\w+)"/.exec(text)?.[1]))).toEqual(
      new Set(['JobsEnded', 'JobDuration', 'Tasks', 'FailedTasks']),
    );
  });

  test('has metrics that docs/operate.md explains, and no other is emitted', () => {
    const explained = tableBelow(readDocument('docs/operate.md'), 'Alarms').flatMap(
      ([names = '', dimensions = '']) =>
        [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) =>
          shape(
            NAMESPACE,
            name,
            [...dimensions.matchAll(/`(\w+)`/g)].map(([, dimension = '']) => dimension),
          ),
        ),
    );
    expect(explained.sort()).toEqual([...emitted()].sort());
  });

  test('shows every outcome', () => {
    const shown = expressions().flatMap((text) => /outcome="(\w+)"/.exec(text)?.[1] ?? []);
    const schema = JSON.parse(readFileSync(join(root, 'schemas/notice.schema.json'), 'utf8'));
    expect(shown.sort()).toEqual([...schema.$defs.Outcome.enum].sort());
  });

  test('uses only ids of its metrics in expressions, and only resources of the template', () => {
    const ids = rows().flatMap((row) =>
      row.flatMap((cell) => (typeof cell === 'object' ? (cell.id ?? []) : [])),
    );
    for (const text of expressions().filter((text) => !text.includes('SEARCH')))
      for (const [id] of text.matchAll(/\b[a-z]\w*/g)) expect(ids).toContain(id);
    const named = [...dashboard().matchAll(/\$\{([A-Za-z]+)(?:\.\w+)?\}/g)].map(([, id]) => id);
    expect(named.length).toBeGreaterThan(15);
    for (const id of named) expect(resources).toHaveProperty([id ?? '']);
  });

  test('counts the state transitions of an execution', async () => {
    const polls = lines.filter(
      (line) => line['message'] === 'job status read' && line['jobRequestId'] === failing,
    ).length;
    const entered = (await stack.history(failing)).filter(({ type }) =>
      type?.endsWith('StateEntered'),
    ).length;
    const [formula = ''] = expressions().filter((text) => text.includes('FILL'));
    const [, perPoll = '', perExecution = ''] =
      /^(\d) \* FILL\(polls, 0\) \+ (\d) \* FILL\(started, 0\)$/.exec(formula) ?? [];
    expect(entered).toBe(Number(perPoll) * polls + Number(perExecution));
  });

  test('shows all alarms', () => {
    const [{ alarms }] = widgets('alarm') as [{ alarms: string[] }];
    expect(alarms).toEqual(ofType(resources, 'AWS::CloudWatch::Alarm').map(([id]) => `\${${id}.Arn}`));
  });
});

/** Fields that a query reads, and fields that it makes with `as`. */
function fieldsOf(query: string): string[] {
  const made = [...query.matchAll(/ as (\w+)/g)].map(([, name]) => name);
  const words = query
    .replaceAll(/"[^"]*"|'[^']*'/g, '')
    .replaceAll(/\b(?:fields|filter|stats|sort|limit|by|as|desc|asc|like|or|and)\b/g, ' ')
    .replaceAll(/\b\w+\(/g, '(');
  return (words.match(/@?[a-zA-Z]\w*/g) ?? []).filter(
    (word) => !word.startsWith('@') && !made.includes(word),
  );
}

describe('a saved query', () => {
  const queries = () =>
    ofType(resources, 'AWS::Logs::QueryDefinition').map(([, { Properties }]) => ({
      name: Properties.Name as string,
      text: Properties.QueryString as string,
      groups: (Properties.LogGroupNames as { Ref: string }[]).map(({ Ref }) => Ref),
    }));
  const query = (name: string) => queries().find((found) => found.name === `${NAMESPACE}/${name}`);

  /** A line of the access log: only its fields are known here. */
  const accessLine = (): Line => {
    const [[, stage] = []] = ofType(resources, 'AWS::ApiGatewayV2::Stage');
    return JSON.parse(stage?.Properties.AccessLogSettings.Format);
  };
  const functionOf = (group: string) =>
    group
      .replace(/LogGroup$/, '')
      .replaceAll('Dash', '-')
      .toLowerCase();
  const linesIn = (groups: string[]): Line[] =>
    groups.flatMap((group) => {
      if (group === 'HttpApiLogGroup') return [accessLine()];
      return lines.filter((line) => line['function_name'] === `${NAMESPACE}-${functionOf(group)}`);
    });

  test('uses only fields of lines in its log groups', () => {
    expect(queries().map(({ name }) => name.split('/')[1])).toEqual([
      'all lines of one job',
      'slowest calls',
      'refused requests by code',
      'failure codes',
    ]);
    for (const { name, text, groups } of queries()) {
      for (const group of groups) expect(resources[group]?.Type).toBe('AWS::Logs::LogGroup');
      const present = new Set(linesIn(groups).flatMap(Object.keys));
      expect(fieldsOf(text).length).toBeGreaterThan(1);
      expect({ name, unknown: fieldsOf(text).filter((field) => !present.has(field)) }).toEqual({
        name,
        unknown: [],
      });
    }
  });

  test('finds all functions that worked on a job, by its two ids', async () => {
    const { jobId } = (await call(stack, 'GET', `/jobs/${failing}`)).body;
    const found = linesIn(query('all lines of one job')?.groups ?? []).filter((line) =>
      [failing, jobId].some((id) => JSON.stringify(line).includes(id)),
    );
    expect([...new Set(found.map((line) => line['function_name']))].sort()).toEqual(
      ['submit-job', 'create-job', 'describe-job', 'summarize-report']
        .map((name) => `${NAMESPACE}-${name}`)
        .sort(),
    );
    const functions = ofType(resources, 'AWS::Lambda::Function').map(([id]) =>
      id.replace(/LambdaFunction$/, 'LogGroup'),
    );
    expect(query('all lines of one job')?.groups).toEqual(
      expect.arrayContaining([...functions, 'HttpApiLogGroup', 'JobStateMachineLogGroup']),
    );
    expect(JSON.stringify(accessLine())).toContain('$context.path');
  });

  test('counts refused requests by code', () => {
    const { groups = [], text = '' } = query('refused requests by code') ?? {};
    const [, message] = /message = "([^"]+)"/.exec(text) ?? [];
    const refused = linesIn(groups).filter((line) => line['message'] === message);
    expect(refused.map(({ code, status, route }) => [code, status, route])).toEqual(
      expect.arrayContaining([
        ['JobRequestNotFound', 404, 'GET /jobs/{id}'],
        ['InvalidRequest', 422, 'POST /jobs'],
      ]),
    );
  });

  test('counts failure codes of tasks, and of jobs that were not created', () => {
    const found = linesIn(query('failure codes')?.groups ?? []).filter((line) => 'failureCode' in line);
    expect(found.map(({ failureCode, tasks, httpStatus }) => [failureCode, tasks, httpStatus])).toEqual(
      expect.arrayContaining([
        ['NoSuchKey', 1, 404],
        ['AccessDenied', undefined, undefined],
      ]),
    );
    for (const line of found) expect(line['jobRequestId']).toMatch(/^[0-9a-f]{20}-[0-9a-f]{32}$/);
  });
});
