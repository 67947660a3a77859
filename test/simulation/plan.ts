import type { JobFailure } from '@aws-sdk/client-s3-control';
import { createDice, type Dice } from './dice.ts';
import { type Mix, readName } from './name.ts';

export type Channel = 's3control' | 's3' | 'states' | 'sns' | 'lambda';

/** How S3 runs the job; times in seconds. */
export interface JobPlan {
  newSeconds: number;
  preparingSeconds: number;
  readySeconds: number;
  activeSeconds: number;
  /** In Completing, Failing or Cancelling. */
  endingSeconds: number;
  tasks: number;
  failedTasks: number;
  /** 1: steady progress; more: slow at first. */
  curve: number;
  failsIn?: 'Preparing' | 'Active';
  failsAtShare: number;
  failure: JobFailure;
  /** For jobs of higher priority. */
  pauses: { atShare: number; seconds: number }[];
  /** A new status instead of Ready. */
  strangeStatus?: string;
}

/** Retries that the request asks for, over a manifest with so many rows. */
export interface RetriesPlan {
  retry: { Times: number; AfterSeconds: number; Results?: string[] };
  rows: number;
  /** The share of the tasks that fail, for one job after the other. */
  failedShares: number[];
}

/** How S3 behaves in this run. */
export interface ServicePlan {
  /** S3 refuses the request permanently. */
  refusal?: { code: string; status: number; message: string };
  /** Seconds that S3 remembers a client token: longer than a call can take. */
  tokenSeconds: number;
  /** Seconds until DescribeJob and ListJobs return a new job. */
  shownAfterSeconds: number;
  listedAfterSeconds: number;
  /** The age of what DescribeJob returns. */
  staleSeconds: number;
  notFoundCode: 'NoSuchJob' | 'NotFoundException';
  /** Somebody else has created another job whose description ends with the id of the job request. */
  hasImpostor?: true;
  /** Jobs on a page of ListJobs. */
  pageSize: number;
  /** After the end of the job; undefined: never. */
  reportAfterSeconds: number | undefined;
  /** How far the clocks of S3 and of API Gateway are ahead. */
  skewSeconds: number;
  apiSkewSeconds: number;
}

/** Times in seconds from the start of the run. */
export interface Outage {
  channel: Channel;
  from: number;
  to: number;
  /** The work is done, but the answers are lost. */
  losesAnswers: boolean;
}

export interface Denial {
  action: 'DescribeJob' | 'ListJobs';
  from: number;
  to: number;
}

/** What callers and operators do; times in seconds. */
export interface PeoplePlan {
  /** Callers without a key do not retry. */
  key?: string;
  /** Two callers at once, with one key. */
  isTwice: boolean;
  /** A caller sends another request with the key later. */
  reusesKey: boolean;
  /** After the notice needs-confirmation; undefined: the job is never confirmed. */
  confirm?: { afterSeconds: number; by: 'api' | 'console' };
  /** After the start. */
  cancel?: { afterSeconds: number; by: 'api' | 'console' };
  /** A caller stops the automatic retries. */
  stopsRetriesAfterSeconds?: number;
  /** Stops the execution. */
  abortAfterSeconds?: number;
}

/** When every run starts. */
export const START = Date.parse('2026-01-01T00:00:00Z');

/** Everything that is drawn before a run starts. */
export interface Plan {
  /** Body of POST /jobs. */
  body: Record<string, unknown>;
  people: PeoplePlan;
  job: JobPlan;
  retries?: RetriesPlan;
  service: ServicePlan;
  /** The share of calls with a fault, until `untilSeconds` and after it. */
  faults: { share: number; untilSeconds: number; laterShare: number };
  /** The longest latency of a call, in milliseconds. */
  latencyMs: number;
  outages: Outage[];
  denials: Denial[];
  /** Times at which the interpreter's process is down. */
  restarts: { atSeconds: number; downSeconds: number }[];
  /** No faults: the strict time limits apply. */
  isCalm: boolean;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

const lengths = {
  all: { seconds: 89, minutes: 9.4, hours: 1.4, day: 0.15, week: 0.04, year: 0.01 },
  short: { seconds: 90, minutes: 10, hours: 0, day: 0, week: 0, year: 0 },
};

/** The duration of the tasks. Most runs are short, because a run takes as long as its polls. */
function drawActiveSeconds(dice: Dice, mix: Mix): number {
  const range = {
    seconds: [1, 60],
    minutes: [60, 20 * MINUTE],
    hours: [20 * MINUTE, 5 * HOUR],
    day: [5 * HOUR, DAY],
    week: [DAY, 10 * DAY],
    year: [10 * DAY, 400 * DAY],
  }[dice.weigh(lengths[mix])] as [number, number];
  return dice.spread(...range);
}

function drawJob(dice: Dice, mix: Mix, isCalm: boolean): JobPlan {
  const activeSeconds = drawActiveSeconds(dice, mix);
  const tasks = dice.spread(1, 1_000_000);
  const failsIn = dice.chance(0.12) ? dice.pick(['Preparing', 'Active'] as const) : undefined;
  return {
    newSeconds: dice.spread(1, 20),
    preparingSeconds: dice.spread(1, Math.max(2, activeSeconds / 4)),
    readySeconds: dice.spread(1, Math.max(2, activeSeconds / 4)),
    activeSeconds,
    endingSeconds: dice.spread(1, 60),
    tasks,
    failedTasks: dice.chance(0.35) ? Math.min(tasks, dice.whole(1, 25)) : 0,
    curve: isCalm ? 1 : dice.pick([1, 1, 0.5, 2]),
    ...(failsIn && { failsIn }),
    failsAtShare: dice.whole(1, 9) / 10,
    failure: { FailureCode: 'ManifestReadFailed', FailureReason: 'Reading the manifest is forbidden.' },
    pauses: dice.chance(0.1)
      ? [{ atShare: dice.whole(1, 8) / 10, seconds: dice.spread(1, activeSeconds) }]
      : [],
    ...(dice.chance(0.05) && { strangeStatus: 'Archiving' }),
  };
}

const refusals = [
  { code: 'InvalidRequest', status: 400, message: 'The manifest is not usable' },
  { code: 'AccessDenied', status: 403, message: 'Access Denied' },
  { code: 'BadRequestException', status: 400, message: 'Request invalid' },
];

function drawService(dice: Dice): ServicePlan {
  const tokenSeconds = dice.pick([3 * MINUTE, 3 * MINUTE, 5 * MINUTE, HOUR, 400 * DAY]);
  return {
    ...(dice.chance(0.04) && { refusal: dice.pick(refusals) }),
    tokenSeconds,
    shownAfterSeconds: dice.chance(0.25) ? dice.spread(1, 9 * MINUTE) : 0,
    // S3 lists the job before it forgets the token; otherwise the job could never be found.
    listedAfterSeconds: dice.chance(0.25) ? dice.spread(1, Math.min(tokenSeconds / 2, 5 * MINUTE)) : 0,
    staleSeconds: dice.chance(0.2) ? dice.whole(1, 20) : 0,
    notFoundCode: dice.pick(['NoSuchJob', 'NotFoundException']),
    ...(dice.chance(0.1) && { hasImpostor: true as const }),
    pageSize: dice.pick([1, 3, 1000]),
    reportAfterSeconds: dice.chance(0.1) ? undefined : dice.chance(0.3) ? dice.spread(1, 20 * MINUTE) : 0,
    skewSeconds: dice.chance(0.2) ? dice.whole(-15 * MINUTE, 15 * MINUTE) : 0,
    apiSkewSeconds: dice.chance(0.2) ? dice.whole(-MINUTE, MINUTE) : 0,
  };
}

const MANIFEST = { ObjectArn: 'arn:aws:s3:::data/manifest.csv' };

function drawBody(dice: Dice, job: JobPlan): Record<string, unknown> {
  const kinds = ['created', 'needs-confirmation', 'running-again', 'status-unreadable', 'final'];
  const watch = {
    ...(dice.chance(0.15) && {
      DeadlineSeconds: Math.max(60, dice.spread(30, Math.min(300 * DAY, 3 * job.activeSeconds + 60))),
    }),
    ...(dice.chance(0.5) && { Notices: kinds.filter(() => dice.chance(0.7)) }),
  };
  return {
    Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'a', Value: 'b' }] } },
    ...(dice.chance(0.5)
      ? { Objects: [{ Bucket: 'data', Key: 'a' }] }
      : { Manifest: { Location: dice.chance(0.5) ? MANIFEST : { ...MANIFEST, ETag: 'e1' } } }),
    ...(dice.chance(0.3) && { Description: 'Mark them' }),
    ...(dice.chance(0.15) && { ConfirmationRequired: true }),
    ...(dice.chance(0.1) && { Report: { Enabled: false } }),
    Watch: watch,
  };
}

function drawPeople(dice: Dice, mix: Mix, spanSeconds: number): PeoplePlan {
  const hasKey = dice.chance(0.7);
  const by = () => dice.pick(['api', 'console'] as const);
  return {
    ...(hasKey && { key: dice.random.uuid() }),
    isTwice: hasKey && dice.chance(0.15),
    reusesKey: hasKey && dice.chance(0.05),
    ...(dice.chance(mix === 'all' ? 0.997 : 1) && {
      confirm: { afterSeconds: dice.spread(1, dice.chance(0.2) ? 3 * HOUR : 5 * MINUTE), by: by() },
    }),
    ...(dice.chance(0.12) && { cancel: { afterSeconds: dice.spread(1, spanSeconds), by: by() } }),
  };
}

function drawOutages(dice: Dice, spanSeconds: number): Outage[] {
  if (spanSeconds > HOUR && dice.chance(0.7)) return drawFlapping(dice);
  const longest = { s3control: 2 * DAY, s3: 6 * HOUR, sns: 20 * HOUR, lambda: 5 * HOUR };
  const count = dice.pick([0, 0, 1, 1, 2]);
  return Array.from({ length: count }, () => {
    const channel = dice.pick(['s3control', 's3control', 's3', 'sns', 'sns', 'lambda'] as const);
    const from = dice.chance(0.3) ? 0 : dice.spread(1, spanSeconds);
    const most = dice.chance(0.15) ? longest[channel] : HOUR / 2;
    return { channel, from, to: from + dice.spread(30, most), losesAnswers: dice.chance(0.35) };
  });
}

/** A service with repeated outages. */
function drawFlapping(dice: Dice): Outage[] {
  const channel = dice.pick(['s3control', 'lambda'] as const);
  const periodSeconds = dice.whole(30, 50) * MINUTE;
  const downSeconds = dice.whole(10, 25) * MINUTE;
  return Array.from({ length: dice.whole(2, 8) }, (_, i) => {
    const from = (i + 0.5) * periodSeconds;
    return { channel, from, to: from + downSeconds, losesAnswers: false };
  });
}

function drawDenials(dice: Dice, spanSeconds: number): Denial[] {
  const from = dice.spread(1, spanSeconds);
  if (dice.chance(0.04)) return [{ action: 'ListJobs', from: 0, to: Number.POSITIVE_INFINITY }];
  return dice.chance(0.06) ? [{ action: 'DescribeJob', from, to: from + dice.spread(60, 6 * HOUR) }] : [];
}

/** Stops occur only while SNS works: announce-stopped-watch has three attempts in three minutes. */
function drawAbort(dice: Dice, spanSeconds: number, outages: readonly Outage[]): number | undefined {
  const at = dice.spread(1, spanSeconds);
  const isBad = outages.some(
    ({ channel, from, to }) => channel === 'sns' && at > from - 15 * MINUTE && at < to,
  );
  return dice.chance(0.06) && !isBad ? at : undefined;
}

/** The seconds until the start that a request asks for; 0 for now. */
function drawStartsAfter(dice: Dice): number {
  if (!dice.chance(0.12)) return 0;
  return dice.spread(1, dice.chance(0.9) ? 2 * HOUR : 30 * DAY - HOUR);
}

/** A caller can cancel a scheduled request at any time, and often does so close to its start. */
function drawEarlyCancel(dice: Dice, startsAfter: number): PeoplePlan['cancel'] {
  if (startsAfter === 0 || !dice.chance(0.5)) return undefined;
  const afterSeconds = dice.chance(0.5)
    ? dice.spread(1, startsAfter)
    : Math.max(1, startsAfter + dice.whole(-130, 60));
  return { afterSeconds, by: 'api' };
}

interface LimitsPlan {
  MaxFailedPercent: number;
  AfterTasks?: number;
}

/** Limits, and a job that often exceeds them. */
function drawLimits(
  dice: Dice,
  { tasks }: JobPlan,
): { limits: LimitsPlan; job: Partial<JobPlan> } | undefined {
  if (!dice.chance(0.12)) return undefined;
  const few = Math.min(tasks, 5000);
  return {
    limits: {
      MaxFailedPercent: dice.pick([0, 1, 5, 20]),
      ...(dice.chance(0.8) && { AfterTasks: dice.pick([1, 50, 200]) }),
    },
    ...{
      job: dice.chance(0.7) ? { tasks: few, failedTasks: Math.floor(few * 0.4 * dice.random.next()) } : {},
    },
  };
}

function drawRetries(dice: Dice, { activeSeconds }: JobPlan): RetriesPlan | undefined {
  if (!dice.chance(0.2) || activeSeconds > HOUR) return undefined;
  return {
    retry: {
      Times: dice.whole(1, 3),
      AfterSeconds: dice.spread(1, HOUR),
      ...(dice.chance(0.4) && { Results: ['waiting'] }),
    },
    rows: dice.whole(1, 40),
    failedShares: Array.from({ length: 5 }, () => dice.pick([0, 0.2, 0.5, 1])),
  };
}

export function drawPlan(name: string): Plan {
  const dice = createDice(`plan ${name}`);
  const { mix } = readName(name);
  const isCalm = dice.chance(0.2);
  const drawn = drawJob(dice, mix, isCalm);
  // Dice of their own: plans without these members stay as they were.
  const later = createDice(`later ${name}`);
  const startsAfter = drawStartsAfter(later);
  const limited = drawLimits(later, drawn);
  const retries = drawRetries(later, drawn);
  const job = { ...drawn, ...limited?.job };
  const service = drawService(dice);
  const span =
    startsAfter + job.newSeconds + job.preparingSeconds + job.readySeconds + job.activeSeconds + 2 * MINUTE;
  const { Objects, Report, ...rest } = drawBody(dice, job);
  const people = drawPeople(dice, mix, span);
  const earlyCancel = drawEarlyCancel(later, startsAfter);
  const stopsRetriesAfterSeconds =
    retries && later.chance(0.4) ? later.spread(1, span + 2 * retries.retry.AfterSeconds) : undefined;
  const weather = dice.weigh({ fair: 5, bad: 3, storm: 1 });
  const [least, most] = ({ fair: [1, 3], bad: [5, 20], storm: [20, 45] } as const)[weather];
  const share = dice.whole(least, most) / 100;
  // As for drawAbort: a cancellation can stop an execution that waits for its start.
  const canStop =
    stopsRetriesAfterSeconds !== undefined ||
    (startsAfter > 0 && (people.cancel ?? earlyCancel) !== undefined);
  const outages = (isCalm ? [] : drawOutages(dice, span)).filter(
    ({ channel }) => !(canStop && channel === 'sns'),
  );
  const abortAfterSeconds = isCalm ? undefined : drawAbort(dice, span, outages);
  const hasRestart = !isCalm && dice.chance(0.05) && service.tokenSeconds > DAY;
  return {
    body: {
      ...rest,
      ...(retries
        ? { Manifest: { Location: MANIFEST }, Retry: retries.retry }
        : { ...(Objects !== undefined && { Objects }), ...(Report !== undefined && { Report }) }),
      ...(limited && { Limits: limited.limits }),
      ...(startsAfter > 0 && { StartAt: new Date(START + startsAfter * 1000).toISOString() }),
    },
    people: {
      ...people,
      ...(earlyCancel && { cancel: earlyCancel }),
      ...(stopsRetriesAfterSeconds !== undefined && { stopsRetriesAfterSeconds }),
      ...(abortAfterSeconds !== undefined && { abortAfterSeconds }),
    },
    job,
    ...(retries && { retries }),
    service,
    faults: isCalm
      ? { share: 0, untilSeconds: 0, laterShare: 0 }
      : { share, untilSeconds: weather === 'storm' ? HOUR : DAY, laterShare: 0.02 },
    latencyMs: isCalm ? 0 : dice.pick([0, 0, 400, 5000]),
    outages,
    denials: isCalm ? [] : drawDenials(dice, span),
    restarts: hasRestart ? [{ atSeconds: dice.spread(1, span), downSeconds: dice.spread(1, HOUR) }] : [],
    isCalm,
  };
}
