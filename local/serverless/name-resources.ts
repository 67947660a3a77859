import { type Members, membersOf, typeOf } from './members.ts';
import {
  bucket,
  functionLogicalId,
  httpApi,
  lambdaFunction,
  type PhysicalResource,
  queue,
  role,
  stateMachine,
  topic,
} from './resources.ts';

/** Names every resource of the template. The only resource of its type gets the name of the stack. */
export function nameResources(
  prefix: string,
  apiUrl: string,
  functions: readonly string[],
  resources: Members,
) {
  const physical = new Map<string, PhysicalResource>([['HttpApi', httpApi(apiUrl)]]);
  for (const name of functions) physical.set(functionLogicalId(name), lambdaFunction(`${prefix}-${name}`));
  for (const logicalId of Object.keys(resources)) {
    const location = `resources.Resources.${logicalId}`;
    const type = typeOf(resources, logicalId);
    const standIn = STAND_INS[type];
    const { Condition, Properties = {} } = membersOf(resources[logicalId], location);
    if (!standIn && !WITHOUT_EFFECT.has(type)) throw new Error(`${location}: ${type} has no stand-in`);
    if (!standIn) continue;
    if (Condition !== undefined) throw new Error(`${location}.Condition is not implemented`);
    const given = (Properties as Members)[standIn.nameProperty];
    const isOnly = Object.keys(resources).every((id) => id === logicalId || typeOf(resources, id) !== type);
    const made = isOnly ? prefix : `${prefix}-${logicalId.toLowerCase()}`;
    const fallback = type === 'AWS::IAM::Role' ? logicalId : made;
    physical.set(logicalId, standIn.make(typeof given === 'string' ? given : fallback));
  }
  return physical;
}

/** How a resource is made, and the property that may name it. */
const STAND_INS: Record<string, { make: (name: string) => PhysicalResource; nameProperty: string }> = {
  'AWS::IAM::Role': { make: role, nameProperty: 'RoleName' },
  'AWS::S3::Bucket': { make: bucket, nameProperty: 'BucketName' },
  // Only a name: the local event bus keeps no dead letters.
  'AWS::SQS::Queue': { make: queue, nameProperty: 'QueueName' },
  'AWS::SNS::Topic': { make: topic, nameProperty: 'TopicName' },
  'AWS::StepFunctions::StateMachine': { make: stateMachine, nameProperty: 'StateMachineName' },
};

/** Encryption, permissions and mail have no effect on one machine. */
const WITHOUT_EFFECT = new Set([
  'AWS::IAM::Policy',
  'AWS::KMS::Key',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);
