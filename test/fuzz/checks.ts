/** Invariants that hold after every request. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { calls } from '../../tools/api-calls.ts';
import { checkContract } from '../support/contract.ts';
import { schemaOf } from './bodies.ts';
import { isReachable, keysInStackBucket, outsideOf, STACK_BUCKET } from './lists.ts';
import type { RequestPlan } from './requests.ts';
import type { Notice } from './stack.ts';
import type { AwsCall } from './world.ts';

/** Calls that change something or cost money. */
const CHANGES = /^(StartExecution|StopExecution|CreateJob|Put|Update)/;

export interface Happened {
  plan: RequestPlan;
  /** In the ids and keys of the caller's tenant. */
  ownMark: string;
  /** As sent. */
  path: string;
  body: string | undefined;
  answer: { status: number; headers: Readonly<Record<string, string>>; text: string };
  /** Calls of the request (`asked`) and of the watch (`created`). */
  asked: readonly AwsCall[];
  created: readonly AwsCall[];
  logs: readonly string[];
  notices: readonly Notice[];
}

const ajv = new Ajv2020({ strict: false });
const validators = Object.fromEntries(
  Object.values(calls).flatMap(({ body }) => (body ? [[body, ajv.compile(schemaOf(body) as object)]] : [])),
);

/** Whether the body breaks the schema of its call, by a second validator. */
function breaksSchema({ plan: { route }, body }: Happened): boolean {
  const schema = calls[route]?.body;
  if (!schema || body === undefined || body === '') return false;
  try {
    return !validators[schema]?.(JSON.parse(body.replace(/^\ufeff/, '')));
  } catch {
    return true;
  }
}

const parsed = (text: string) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Canaries of a text, as `Key`, `Tag`, … */
const canariesIn = (text: string) =>
  [...text.matchAll(/cnry(?:Who|Ann|Bob|Eve)([A-Z][a-z]+)/g)].map(([, member = '']) => member);

/** Members whose canaries the text of a notice can contain. */
const PUBLISHED = ['Desc', 'Prefix', 'Reason'];

function noticeLeaks({ subject, message, attributes }: Notice): string[] {
  const inText = canariesIn(subject + message).filter((member) => !PUBLISHED.includes(member));
  const inAttributes = canariesIn(JSON.stringify(attributes)).filter((member) => member !== 'Tag');
  return [...inText, ...inAttributes].map((member) => `a notice has the canary of ${member}`);
}

/** Calls whose texts S3 keeps in XML. */
const JOB_TEXTS = /^(CreateJob|UpdateJobStatus|PutJobTagging)$/;
const NOT_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

/** All names and texts in a value. */
const textsOf = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([name, member]) => name + textsOf(member))
    .join(' ');
};

/** Whether a key or a prefix in the stack's bucket is of the tenant with the mark. */
const isOwnKey = (key: unknown, mark: string) =>
  new RegExp(`^(manifests/${mark}/|reports/${mark}(/|$)|retries/${mark}-)`).test(String(key));

function callFaults(happened: Happened): string[] {
  const { answer, asked, created, ownMark } = happened;
  const isRefused = answer.status >= 400;
  const changed = asked.filter(({ action }) => CHANGES.test(action)).map(({ action }) => action);
  const reached = [...asked, ...created];
  return [
    ...(isRefused && changed.length > 0 ? [`refused with ${answer.status}, but called ${changed}`] : []),
    ...(isRefused && created.length > 0 ? ['refused, but watched'] : []),
    ...reached
      .filter(({ action }) => action === 'CreateJob')
      .flatMap(({ input }) => outsideOf(input))
      .map((what) => `CreateJob with ${what}`),
    ...reached
      .filter(({ input }) => input.Bucket !== undefined && !isReachable(input.Bucket))
      .map(({ action, input }) => `${action} on the bucket ${input.Bucket}`),
    ...reached
      .filter(({ input }) => input.Bucket === STACK_BUCKET && !isOwnKey(input.Key ?? input.Prefix, ownMark))
      .map(({ action, input }) => `${action} on the key ${input.Key ?? input.Prefix}`),
    ...reached
      .filter(({ action }) => action === 'CreateJob')
      .flatMap(({ input }) => keysInStackBucket(input))
      .filter((key) => !isOwnKey(key, ownMark))
      .map((key) => `CreateJob with ${key}, a key of another tenant`),
    ...reached
      .filter(({ action, input }) => JOB_TEXTS.test(action) && NOT_XML.test(textsOf(input)))
      .map(({ action }) => `${action} with a character that XML cannot carry`),
    ...asked
      .filter(({ action, input }) => action === 'PutObject' && String(input.Key).startsWith('retries/'))
      .flatMap(({ input }) => String(input.Body).split('\n').slice(0, -1))
      .filter((row) => !/^(?:data|data-[^,/]*),/.test(row))
      .map((row) => `a retry of ${row.slice(0, 100)}`),
  ];
}

/** The violated invariants. */
export async function faultsOf(happened: Happened): Promise<string[]> {
  const { plan, path, answer, logs, notices } = happened;
  const { status, headers, text } = answer;
  const faults: string[] = [];
  if (status >= 500) faults.push(`answered ${status}`);
  if (breaksSchema(happened) && status < 400) faults.push('accepted a body that breaks its schema');
  const good = plan.query === '' ? 202 : 200;
  if (plan.kind === 'valid' && plan.route === 'POST /jobs' && status !== good)
    faults.push(`a valid job request was answered ${status}`);
  const other = [...text.matchAll(/cnry(Ann|Bob|Eve)/g)].find(
    ([found, name = '']) => name.toLowerCase() !== plan.caller && !path.includes(found),
  );
  if (other) faults.push('the answer has data of another tenant');
  const body = /json/.test(headers['content-type'] ?? '') ? parsed(text) : undefined;
  const [method = ''] = plan.route.split(' ');
  await checkContract(method, path, { status, headers, body }).catch(
    (error: Error) => void faults.push(error.message),
  );
  for (const line of logs)
    for (const member of canariesIn(line)) faults.push(`the log has the canary of ${member}: ${line}`);
  return [...faults, ...callFaults(happened), ...notices.flatMap(noticeLeaks)];
}
