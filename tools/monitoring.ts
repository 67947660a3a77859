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
}

/** What the plugin needs of serverless.yml, with its variables resolved. */
export interface Service {
  resources: { Resources: Record<string, Resource> };
  custom: { monitoring: { Resources: Record<string, Monitor> } };
}

export function addMonitoring({ resources, custom }: Service, given: GivenParameters): void {
  const isOn = (name: ParameterName) => entriesOf(given, name).some((entry) => entry !== 'false');
  for (const [id, monitor] of Object.entries(custom.monitoring.Resources)) {
    const { OnlyIf, Unless, ThrottlesOf, ...resource } = monitor;
    if ((OnlyIf && !isOn(OnlyIf)) || (Unless && isOn(Unless))) continue;
    if (ThrottlesOf) resource.Properties.Metrics = throttlesOf(ThrottlesOf);
    resources.Resources[id] = resource;
  }
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
