import type { PublishInput, PublishResponse } from '@aws-sdk/client-sns';
import { REGION } from '../../core/account.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { Lambda } from '../../lambda/lambda.ts';
import { PUBLISH_ARN } from '../definition/task-resources.ts';
import type { JsonObject } from '../json.ts';
import { StateError } from '../state-error.ts';

/** SNS's Publish; rejects with AwsError. */
export type Publish = (request: PublishInput) => Promise<PublishResponse>;

/** What Task states can call. */
export interface Services {
  lambda: Lambda;
  publish: Publish;
}

/** A resource that a Task can call: how it is called, and what the history says about an attempt. */
export interface TaskResource {
  /** Begin of the event types of an attempt, such as `LambdaFunctionScheduled` and `TaskScheduled`. */
  family: 'LambdaFunction' | 'Task';
  /** Members of the event that schedules an attempt. */
  schedule(payload: string): JsonObject;
  /** Members of every later event of an attempt. */
  about: JsonObject;
  /** JSON text in and out; throws StateError. */
  call(payload: string): Promise<string>;
}

export const findResource = (arn: string, { lambda, publish }: Services): TaskResource =>
  arn === PUBLISH_ARN ? publishResource(publish) : functionResource(arn, lambda);

function functionResource(arn: string, lambda: Lambda): TaskResource {
  return {
    family: 'LambdaFunction',
    schedule: (input) => ({ resource: arn, input, inputDetails: { truncated: false } }),
    about: {},
    async call(payload) {
      const answer = await lambda.invoke(arn, payload).catch((error: unknown) => {
        throw serviceError('Lambda', error);
      });
      if (answer.functionError) throw new StateError(errorType(answer.payload), answer.payload);
      return answer.payload === '' ? 'null' : answer.payload;
    },
  };
}

/** The name of a function's error. */
function errorType(payload: string): string {
  try {
    const { errorType: name } = JSON.parse(payload) as { errorType?: unknown };
    return typeof name === 'string' && name !== '' ? name : 'Lambda.Unknown';
  } catch {
    return 'Lambda.Unknown';
  }
}

function publishResource(publish: Publish): TaskResource {
  const about = { resourceType: 'sns', resource: 'publish' };
  return {
    family: 'Task',
    schedule: (parameters) => ({ ...about, region: REGION, parameters }),
    about,
    async call(payload) {
      const request = JSON.parse(payload) as PublishInput;
      // A message that is not a text is published as JSON text.
      const Message = typeof request.Message === 'string' ? request.Message : JSON.stringify(request.Message);
      const { MessageId } = await publish({ ...request, Message }).catch((error: unknown) => {
        throw serviceError('SNS', error);
      });
      return JSON.stringify({ MessageId });
    },
  };
}

/** Errors of a service are named after it and end in `Exception`. */
function serviceError(service: string, error: unknown): StateError {
  if (!(error instanceof AwsError)) return new StateError(`${service}.SdkClientException`, String(error));
  const { code, message } = error;
  return new StateError(`${service}.${code.endsWith('Exception') ? code : `${code}Exception`}`, message);
}
