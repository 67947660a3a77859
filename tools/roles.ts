/** Makes the roles of a deployment out of serverless.yml. */
import { fitRole } from './limits.ts';
import type { GivenParameters } from './parameters.ts';
import { expandStatements, type Statement } from './statements.ts';

interface Policy {
  PolicyName: string;
  PolicyDocument: { Version: string; Statement: Statement[] };
}
interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a CloudFormation document has no types
  Properties?: any;
}

/** What the plugin needs of serverless.yml, with its variables resolved. */
export interface Service {
  functions: Record<string, { permissions: Statement[]; role?: string }>;
  resources: { Resources: Record<string, Resource> };
}

/** Adds the roles of the functions to the resources, and expands the statements of all roles. */
export function addRoles({ functions, resources }: Service, given: GivenParameters): void {
  for (const [name, definition] of Object.entries(functions)) {
    definition.role = roleIdOf(name);
    resources.Resources[definition.role] = roleOf(name, definition.permissions);
  }
  for (const [id, { Type, Properties }] of Object.entries(resources.Resources)) {
    if (Type !== 'AWS::IAM::Role') continue;
    for (const { PolicyDocument } of Properties.Policies as Policy[])
      PolicyDocument.Statement = fitRole(id, expandStatements(PolicyDocument.Statement, given));
  }
}

/** `submit-job` becomes `SubmitJobRole`. */
export const roleIdOf = (name: string) =>
  `${name.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase())}Role`;

/** Logical ids of the framework: `submit-job` becomes `SubmitDashjobLogGroup`. */
export const frameworkIdOf = (name: string, kind: 'LambdaFunction' | 'LogGroup') =>
  `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('-', 'Dash')}${kind}`;

const roleOf = (name: string, permissions: readonly Statement[]): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
    Policies: [
      {
        PolicyName: name,
        PolicyDocument: { Version: '2012-10-17', Statement: [logRights(name), TRACE_RIGHTS, ...permissions] },
      },
    ],
  },
});

/** These actions support no resource. */
const TRACE_RIGHTS: Statement = {
  Sid: 'Traces',
  When: { tracing: 'true' },
  Effect: 'Allow',
  Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
  Resource: '*',
};

const logRights = (name: string): Statement => ({
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: { 'Fn::GetAtt': [frameworkIdOf(name, 'LogGroup'), 'Arn'] },
});
