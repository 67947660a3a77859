import * as S3 from '@aws-sdk/client-s3';
import * as S3Control from '@aws-sdk/client-s3-control';
import * as Sfn from '@aws-sdk/client-sfn';
import {
  amount,
  type Check,
  checkObject,
  flag,
  InvalidFaults,
  integer,
  list,
  objectAt,
  oneOf,
  text,
} from './checks.ts';
import { type EffectType, type Fault, type FaultService, isJobEffect } from './fault.ts';

interface ServiceRules {
  /** The allowed actions in words. */
  actions: string;
  hasAction(name: string): boolean;
  match: readonly string[];
}

const apiOf = (model: object, match: readonly string[]): ServiceRules => ({
  actions: 'an action of its API',
  hasAction: (name) => Object.hasOwn(model, `${name}Command`),
  match,
});

const services: Record<FaultService, ServiceRules> = {
  s3: apiOf(S3, ['bucket', 'key', 'objectShare']),
  s3control: apiOf(S3Control, ['jobId']),
  states: apiOf(Sfn, []),
  sns: { actions: 'Publish', hasAction: (name) => name === 'Publish', match: [] },
  lambda: { actions: 'Invoke', hasAction: (name) => name === 'Invoke', match: ['functionName'] },
  batch: {
    actions: `one of ${Object.keys(S3Control.OperationName).join(', ')}`,
    hasAction: (name) => Object.hasOwn(S3Control.OperationName, name),
    match: ['jobId', 'bucket', 'key', 'objectShare'],
  },
};

interface EffectRules {
  at: readonly FaultService[];
  members: Readonly<Record<string, Check>>;
  required?: readonly string[];
}

const CALLS: readonly FaultService[] = ['s3', 's3control', 'states', 'sns', 'lambda'];
const MAX_DELAY_SECONDS = 24 * 60 * 60;
const MAX_FUNCTION_SECONDS = 900;

const effects: Record<EffectType, EffectRules> = {
  throttle: { at: [...CALLS, 'batch'], members: {} },
  error: {
    at: [...CALLS, 'batch'],
    members: { code: text, status: integer(400, 599), message: text, afterWork: flag },
  },
  disconnect: { at: CALLS, members: { afterWork: flag } },
  delay: { at: [...CALLS, 'batch'], members: { seconds: amount(MAX_DELAY_SECONDS) }, required: ['seconds'] },
  functionError: { at: ['lambda'], members: { errorType: text, errorMessage: text, afterWork: flag } },
  timeOut: {
    at: ['lambda'],
    members: { seconds: amount(MAX_FUNCTION_SECONDS), afterWork: flag },
    required: ['seconds'],
  },
  suspendJob: { at: ['batch'], members: {} },
  failJob: { at: ['batch'], members: { failureCode: text, failureReason: text, afterTasks: integer(0) } },
};

const matchChecks: Record<string, Check> = {
  bucket: text,
  key: text,
  jobId: text,
  functionName: text,
  objectShare: amount(1),
};

const anything: Check = () => {};

const faultMembers: Record<string, Check> = {
  id: text,
  service: oneOf(Object.keys(services)),
  action: text,
  match: anything,
  after: integer(0),
  every: integer(1),
  share: amount(1),
  times: integer(1),
  effect: anything,
};

/** Returns the faults if all members are valid; throws InvalidFaults otherwise. */
export function checkFaults(faults: unknown): Fault[] {
  list(faults, 'faults');
  const checked = (faults as unknown[]).map((fault, index) => checkFault(fault, `faults[${index}]`));
  const ids = new Set<string>();
  for (const [index, { id = String(index + 1) }] of checked.entries()) {
    if (ids.has(id))
      throw new InvalidFaults(`faults[${index}].id`, `must be unique; another fault has the id ${id}`);
    ids.add(id);
  }
  return checked;
}

function checkFault(value: unknown, path: string): Fault {
  const fault = checkObject(value, path, faultMembers, ['service', 'effect']) as unknown as Fault;
  const { service, action, effect, match } = fault;
  const { actions, hasAction } = services[service];
  if (action !== undefined && !hasAction(action))
    throw new InvalidFaults(`${path}.action`, `is not an action of ${service}; it must be ${actions}`);
  checkEffect(effect, `${path}.effect`, service);
  if (match !== undefined) checkMatch(fault, `${path}.match`);
  return fault;
}

function checkEffect(value: unknown, path: string, service: FaultService): void {
  const { type } = objectAt(value, path);
  oneOf(Object.keys(effects))(type, `${path}.type`);
  const { at, members, required } = effects[type as EffectType];
  if (!at.includes(service))
    throw new InvalidFaults(
      `${path}.type`,
      `cannot be ${type} for ${service}; ${type} is for ${at.join(', ')}`,
    );
  const effect = checkObject(value, path, { type: anything, ...members }, required);
  if (type === 'error') checkErrorCode(effect, path);
}

/** The codes for 500 and 503 are known; any other status needs a code. */
function checkErrorCode({ code, status }: Record<string, unknown>, path: string): void {
  if (code !== undefined && status === undefined)
    throw new InvalidFaults(`${path}.status`, 'is required with a code');
  if (code === undefined && status !== undefined && status !== 500 && status !== 503)
    throw new InvalidFaults(`${path}.code`, `is required with status ${status}`);
}

function checkMatch({ service, effect, match }: Fault, path: string): void {
  const known = isJobEffect(effect) ? ['jobId'] : services[service].match;
  if (known.length === 0) throw new InvalidFaults(path, `is not allowed: ${service} has no member to match`);
  checkObject(match, path, Object.fromEntries(known.map((name) => [name, matchChecks[name] as Check])));
}
