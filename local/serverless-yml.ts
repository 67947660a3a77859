import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parse } from 'yaml';
import { stageParameters } from '../tools/stage-parameters.ts';
import type { EventRule } from './events/event-rules.ts';
import type { Route } from './gateway/routes.ts';
import { type Authorizers, readEvents } from './serverless/events.ts';
import { evaluate, type FindResource, shortTags } from './serverless/intrinsics.ts';
import { type Members, membersOf, typeOf } from './serverless/members.ts';
import { nameResources } from './serverless/name-resources.ts';
import { lambdaFunction } from './serverless/resources.ts';
import { createVariables } from './serverless/variables.ts';

/** What the local stack reads from serverless.yml, with all names resolved. */
export interface StackDefinition {
  functions: FunctionDefinition[];
  routes: Route[];
  rules: EventRule[];
  stateMachines: StateMachineDefinition[];
  /** ARNs. */
  topics: string[];
  /** Names. */
  buckets: string[];
  /** Subscriptions of the template by e-mail. */
  mails: MailSubscription[];
  /** The deployment parameters in effect. */
  parameters: Record<string, unknown>;
  /** Names of the parameters that do not have the defaults of the file. */
  changedParameters: string[];
}

export interface MailSubscription {
  topicArn: string;
  endpoint: string;
}

export interface FunctionDefinition {
  /** As deployed: `SERVICE-STAGE-NAME`. */
  name: string;
  arn: string;
  /** Folder of the bundle below `dist/`. */
  bundle: string;
  handlerName: string;
  timeoutSeconds: number;
  memoryMb: number;
  environment: Record<string, string>;
}

export interface StateMachineDefinition {
  name: string;
  /** The ASL as JSON text, its placeholders filled in. */
  definition: string;
  roleArn: string;
}

export interface ReaderOptions {
  /** Path of serverless.yml. */
  file: string;
  /** Base URL of the local API, for functions that need it. */
  apiUrl: string;
  stage?: string;
  /** What `--param name=value` would set. */
  params?: Readonly<Record<string, string>>;
  /** Values that are used instead of the defaults of the file. */
  paramDefaults?: Readonly<Record<string, string>>;
}

/** Reads the deployed stack. Throws with the location of anything it does not support. */
export function readServerlessYml({
  file,
  apiUrl,
  stage = 'local',
  params = {},
  paramDefaults = {},
}: ReaderOptions): StackDefinition {
  const document: Members = parse(readFileSync(file, 'utf8'), { customTags: shortTags, merge: true });
  const folder = dirname(file);
  const given = { ...stageParameters(folder, stage), ...params };
  const sources = { folder, stage, params: given, paramDefaults, options: { stage } };
  const { at, params: parameters, changed } = createVariables(document, sources);
  const prefix = `${at('service')}-${stage}`;
  const functions = Object.keys(membersOf(document['functions'], 'functions'));
  const resources = membersOf(at('resources.Resources') ?? {}, 'resources.Resources');
  const physical = nameResources(prefix, apiUrl, functions, resources);
  const find: FindResource = (logicalId) => physical.get(logicalId);
  const value = (path: string) => evaluate(at(path), find, path);
  const withType = (type: string) => Object.keys(resources).filter((id) => typeOf(resources, id) === type);
  const refs = (type: string) => withType(type).map((id) => physical.get(id)?.ref ?? '');
  const authorizers = (value('provider.httpApi.authorizers') ?? {}) as Authorizers;
  const events = functions.map((name) =>
    readEvents(
      value(`functions.${name}.events`),
      `${prefix}-${name}`,
      `functions.${name}.events`,
      authorizers,
    ),
  );
  return {
    functions: functions.map((name) => readFunction(name, `${prefix}-${name}`, value)),
    routes: events.flatMap(({ routes }) => routes),
    rules: events.flatMap(({ rules }) => rules),
    stateMachines: withType('AWS::StepFunctions::StateMachine').map((id) =>
      readStateMachine(
        String(physical.get(id)?.attributes['Name']),
        `resources.Resources.${id}.Properties`,
        value,
      ),
    ),
    topics: refs('AWS::SNS::Topic'),
    buckets: refs('AWS::S3::Bucket'),
    mails: withType('AWS::SNS::Subscription').flatMap((id) => readMail(id, value)),
    parameters: parameters(),
    changedParameters: changed(),
  };
}

/** A subscription without an address is one that the template makes only under a condition. */
function readMail(id: string, value: (path: string) => unknown): MailSubscription[] {
  const location = `resources.Resources.${id}.Properties`;
  const endpoint = String(value(`${location}.Endpoint`) ?? '');
  if (value(`${location}.Protocol`) !== 'email' || endpoint === '') return [];
  return [{ topicArn: String(value(`${location}.TopicArn`)), endpoint }];
}

function readFunction(
  name: string,
  physicalName: string,
  value: (path: string) => unknown,
): FunctionDefinition {
  const location = `functions.${name}`;
  const handler = String(value(`${location}.handler`));
  const [, bundle, handlerName] = /^dist\/([^/]+)\/index\.(\w+)$/.exec(handler) ?? [];
  if (!bundle || !handlerName)
    throw new Error(`${location}.handler: ${handler} is not dist/NAME/index.handler`);
  const setting = (setting: string) =>
    Number(value(`${location}.${setting}`) ?? value(`provider.${setting}`));
  const environment = {
    ...membersOf(value('provider.environment') ?? {}, 'provider.environment'),
    ...membersOf(value(`${location}.environment`) ?? {}, `${location}.environment`),
  };
  return {
    name: physicalName,
    arn: String(lambdaFunction(physicalName).attributes['Arn']),
    bundle,
    handlerName,
    timeoutSeconds: setting('timeout'),
    memoryMb: setting('memorySize'),
    environment: Object.fromEntries(Object.entries(environment).map(([key, text]) => [key, String(text)])),
  };
}

function readStateMachine(
  name: string,
  location: string,
  value: (path: string) => unknown,
): StateMachineDefinition {
  const substitutions = membersOf(value(`${location}.DefinitionSubstitutions`) ?? {}, location);
  const definition = JSON.stringify(value(`${location}.Definition`)).replace(
    /\$\{(\w+)\}/g,
    (placeholder, key: string) => {
      if (!(key in substitutions))
        throw new Error(`${location}.Definition: ${placeholder} has no substitution`);
      return String(substitutions[key]);
    },
  );
  return { name, definition, roleArn: String(value(`${location}.RoleArn`)) };
}
