import { ACCOUNT_ID, REGION } from '../core/account.ts';
import { functionArn } from '../lambda/function-name.ts';

/** What CloudFormation knows about a resource that exists. */
export interface PhysicalResource {
  /** Value of `Ref`. */
  ref: string;
  /** Values of `Fn::GetAtt`. */
  attributes: Readonly<Record<string, string>>;
}

export const lambdaFunction = (name: string): PhysicalResource => ({
  ref: name,
  attributes: { Arn: functionArn(name) },
});

export const topic = (name: string): PhysicalResource => {
  const arn = `arn:aws:sns:${REGION}:${ACCOUNT_ID}:${name}`;
  return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
};

export const stateMachine = (name: string): PhysicalResource => {
  const arn = `arn:aws:states:${REGION}:${ACCOUNT_ID}:stateMachine:${name}`;
  return { ref: arn, attributes: { Arn: arn, Name: name } };
};

export const bucket = (name: string): PhysicalResource => ({
  ref: name,
  attributes: { Arn: `arn:aws:s3:::${name}` },
});

export const queue = (name: string): PhysicalResource => ({
  ref: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT_ID}/${name}`,
  attributes: { Arn: `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${name}`, QueueName: name },
});

export const role = (name: string): PhysicalResource => ({
  ref: name,
  attributes: { Arn: `arn:aws:iam::${ACCOUNT_ID}:role/${name}` },
});

export const httpApi = (url: string): PhysicalResource => ({
  ref: 'local',
  attributes: { ApiEndpoint: url },
});

/** `submit-job` becomes `SubmitDashjobLambdaFunction`, as the framework names it. */
export const functionLogicalId = (name: string) =>
  `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('-', 'Dash').replaceAll('_', 'Underscore')}LambdaFunction`;
