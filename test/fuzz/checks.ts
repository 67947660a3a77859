/** What must hold after every request, whatever it was. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { calls } from '../../tools/api-calls.ts';
import { checkContract } from '../support/contract.ts';
import { schemaOf } from './bodies.ts';
import { isReachable, outsideOf } from './lists.ts';
import type { RequestPlan } from './requests.ts';
import type { Notice } from './stack.ts';
import type { AwsCall } from './world.ts';

/** Calls that change something, or may cost something. */
const CHANGES = /^(StartExecution|CreateJob|Put|Update)/;

export interface Happened {
  plan: RequestPlan;
  /** As sent. */
  path: string;
  body: string | undefined;
  answer: { status: number; headers: Readonly<Record<string, string>>; text: string };
  /** Of the request, and of the watch that followed. */
  asked: readonly AwsCall[];
  created: readonly AwsCall[];
  logs: readonly string[];
  notices: readonly Notice[];
}

const ajv = new Ajv2020({ strict: false });
const validators = Object.fromEntries(
  Object.values(calls).flatMap(({ body }) => (body ? [[body, ajv.compile(schemaOf(body) as object)]] : [])),
);

/** Whether the body breaks the schema of its call, by another run of the validator than the product's. */
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
  [...text.matchAll(/cnry(?:Who|Ann|Bob)([A-Z][a-z]+)/g)].map(([, place = '']) => place);

/** Places whose canaries a notice may have: in its words, and in its attributes. */
const TOLD = ['Desc', 'Prefix', 'Reason'];

function noticeLeaks({ subject, message, attributes }: Notice): string[] {
  const inWords = canariesIn(subject + message).filter((place) => !TOLD.includes(place));
  const inAttributes = canariesIn(JSON.stringify(attributes)).filter((place) => place !== 'Tag');
  return [...inWords, ...inAttributes].map((place) => `a notice has the canary of ${place}`);
}

function callFaults(happened: Happened): string[] {
  const { answer, asked, created } = happened;
  const isRefused = answer.status >= 400;
  const changed = asked.filter(({ action }) => CHANGES.test(action)).map(({ action }) => action);
  const reached = [...asked, ...created];
  return [
    ...(isRefused && changed.length > 0 ? [`refused with ${answer.status}, and yet ${changed}`] : []),
    ...(isRefused && created.length > 0 ? ['refused, and yet watched'] : []),
    ...reached
      .filter(({ action }) => action === 'CreateJob')
      .flatMap(({ input }) => outsideOf(input))
      .map((what) => `CreateJob with ${what}`),
    ...reached
      .filter(({ input }) => input.Bucket !== undefined && !isReachable(input.Bucket))
      .map(({ action, input }) => `${action} on the bucket ${input.Bucket}`),
  ];
}

/** The faults of what happened; none if all is well. */
export async function faultsOf(happened: Happened): Promise<string[]> {
  const { plan, path, answer, logs, notices } = happened;
  const { status, headers, text } = answer;
  const faults: string[] = [];
  if (status >= 500) faults.push(`answered ${status}`);
  if (breaksSchema(happened) && status < 400) faults.push('a body that breaks its schema was taken');
  const good = plan.query === '' ? 202 : 200;
  if (plan.kind === 'valid' && plan.route === 'POST /jobs' && status !== good)
    faults.push(`a good job request was answered ${status}`);
  const others = plan.caller === 'ann' ? 'cnryBob' : 'cnryAnn';
  if (text.includes(others) && !path.includes(others))
    faults.push('the answer has something of the other tenant');
  const body = /json/.test(headers['content-type'] ?? '') ? parsed(text) : undefined;
  const [method = ''] = plan.route.split(' ');
  await checkContract(method, path, { status, headers, body }).catch(
    (error: Error) => void faults.push(error.message),
  );
  for (const line of logs)
    for (const place of canariesIn(line)) faults.push(`the log has the canary of ${place}: ${line}`);
  return [...faults, ...callFaults(happened), ...notices.flatMap(noticeLeaks)];
}
