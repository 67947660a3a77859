/** Where faults can be: four services on the wire, invocations of functions, and jobs with their tasks. */
export type FaultService = 's3' | 's3control' | 'states' | 'sns' | 'lambda' | 'batch';

/** Effects with `afterWork` first let the work be done, and then keep its answer from the caller. */
export type FaultEffect =
  /** The service's own words for "slow down"; nothing is done. */
  | { type: 'throttle' }
  /** An error answer: by default the service's own for status 500, or for 503; any other needs `code` and `status`. */
  | { type: 'error'; code?: string; status?: number; message?: string; afterWork?: boolean }
  /** No answer: the connection is torn. */
  | { type: 'disconnect'; afterWork?: boolean }
  /** Waits, and goes on to the faults behind this one. */
  | { type: 'delay'; seconds: number }
  /** The function throws, or dies when `errorType` is such as `Runtime.ExitError`. */
  | { type: 'functionError'; errorType?: string; errorMessage?: string; afterWork?: boolean }
  /** The function is at work until its time limit of so many seconds, and then answered for as timed out. */
  | { type: 'timeOut'; seconds: number; afterWork?: boolean }
  /** The job waits for a confirmation once it is prepared, as if it had asked for one. */
  | { type: 'suspendJob' }
  /** The job fails: as soon as it is being prepared, or when so many of its tasks have been started. */
  | { type: 'failJob'; failureCode?: string; failureReason?: string; afterTasks?: number };

/** Which calls, invocations, tasks or jobs; in texts `*` stands for any characters. */
export interface FaultMatch {
  bucket?: string;
  key?: string;
  jobId?: string;
  functionName?: string;
  /** At most 1: this share of the objects, and always the same ones under one seed. */
  objectShare?: number;
}

/** One rule: at what, at which of those, and what then happens. */
export interface Fault {
  /** Default: its place in the list, counted from 1. */
  id?: string;
  service: FaultService;
  /** Default: all of the service. An API action; `Publish`; `Invoke`; for batch the job's operation. */
  action?: string;
  match?: FaultMatch;
  /** The first so many matches are spared. */
  after?: number;
  /** Of the others every nth is struck; default 1. */
  every?: number;
  /** At most 1: of those this share is struck, drawn by the seed; default 1. */
  share?: number;
  /** Strikes until the fault is spent; default: never. */
  times?: number;
  effect: FaultEffect;
}

export type EffectType = FaultEffect['type'];
export type EffectOf<Type extends EffectType> = Extract<FaultEffect, { type: Type }>;

/** Effects on a job as a whole; all others are on calls, invocations and tasks. */
export type JobEffect = EffectOf<'suspendJob' | 'failJob'>;

export const isJobEffect = (effect: FaultEffect): effect is JobEffect =>
  effect.type === 'suspendJob' || effect.type === 'failJob';
