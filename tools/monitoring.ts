/** Adds monitoring.yml to the stack. */
import { entriesOf, type GivenParameters, type ParameterName } from './parameters.ts';
import { frameworkIdOf } from './roles.ts';

interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a CloudFormation document has no types
  Properties: any;
}

/** A resource of monitoring.yml, with what only this file knows. */
interface Monitor extends Resource {
  /** Leaves the resource out unless the parameter is set and not `false`. */
  OnlyIf?: ParameterName;
  /** Leaves the resource out if the parameter is set and not `false`. */
  Unless?: ParameterName;
  /** For an alarm: names of functions whose throttles it sums, at most ten. */
  ThrottlesOf?: string[];
  /** For a query: names of functions whose logs it reads. */
  LogsOf?: (string | string[])[];
}

/** What the plugin needs of serverless.yml, with its variables resolved. */
export interface Service {
  provider: { stackTags?: Record<string, string> };
  resources: { Resources: Record<string, Resource> };
  custom: { monitoring: { Resources: Record<string, Monitor> } };
}

/** Adds the resources, and the tags of the stack, which CloudFormation gives to all of them. */
export function addMonitoring({ provider, resources, custom }: Service, given: GivenParameters): void {
  const tags = entriesOf(given, 'costTags').map((entry) => entry.split('=') as [string, string]);
  if (tags.length > 0) provider.stackTags = Object.fromEntries(tags);
  const isOn = (name: ParameterName) => entriesOf(given, name).some((entry) => entry !== 'false');
  for (const [id, monitor] of Object.entries(custom.monitoring.Resources)) {
    const { OnlyIf, Unless, ThrottlesOf, LogsOf = [], ...resource } = monitor;
    if ((OnlyIf && !isOn(OnlyIf)) || (Unless && isOn(Unless))) continue;
    if (ThrottlesOf) resource.Properties.Metrics = throttlesOf(ThrottlesOf);
    if (resource.Type === 'AWS::Logs::QueryDefinition') {
      const { LogGroupNames = [] } = resource.Properties;
      resource.Properties.LogGroupNames = [
        ...LogsOf.flat().map((name) => ({ Ref: logGroupOf(name) })),
        ...LogGroupNames,
      ];
    }
    resources.Resources[id] = resource;
  }
  for (const { Type, Properties } of Object.values(resources.Resources))
    if (Type === 'AWS::CloudWatch::Dashboard')
      Properties.DashboardBody = bodyOf(Properties.DashboardBody, resources);
}

const logGroupOf = (name: string) => frameworkIdOf(name, 'LogGroup');

/** A widget of the dashboard. The members with lower-case names of other resources are filled in here. */
interface Widget {
  type: string;
  properties: { alarms?: unknown; logsOf?: string[]; query?: string };
}

/** The body of a dashboard as CloudFormation takes it: JSON text with the names of resources filled in. */
function bodyOf({ widgets, ...body }: { widgets: Widget[] }, { Resources }: Service['resources']) {
  const alarms = Object.keys(Resources).filter((id) => Resources[id]?.Type === 'AWS::CloudWatch::Alarm');
  const filled = widgets.map(({ properties: { logsOf = [], ...properties }, ...widget }) => ({
    ...widget,
    properties: {
      ...properties,
      ...(widget.type === 'alarm' && { alarms: alarms.map((id) => `\${${id}.Arn}`) }),
      ...(widget.type === 'log' && {
        query: [...logsOf.map((name) => `SOURCE '\${${logGroupOf(name)}}'`), properties.query].join(' | '),
      }),
    },
  }));
  return { 'Fn::Sub': JSON.stringify({ ...body, widgets: filled }) };
}

/** The metrics of an alarm on the sum of throttles in five minutes. */
const throttlesOf = (functions: string[]) => [
  { Id: 'throttles', Expression: 'SUM(METRICS())', Label: 'Throttles' },
  ...functions.map((name, i) => ({
    Id: `function${i + 1}`,
    ReturnData: false,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/Lambda',
        MetricName: 'Throttles',
        Dimensions: [{ Name: 'FunctionName', Value: { Ref: frameworkIdOf(name, 'LambdaFunction') } }],
      },
      Period: 300,
      Stat: 'Sum',
    },
  })),
];
