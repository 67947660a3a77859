/** Services that can have faults: four services on the wire, function invocations, and jobs with their tasks. */
export type FaultService = 's3' | 's3control' | 'states' | 'sns' | 'lambda' | 'batch';

/** With `afterWork`, the work is done first, and only its answer does not reach the caller. */
export type FaultEffect =
  /** The service's throttling error; the work is not done. */
  | { type: 'throttle' }
  /** An error: by default the service's own error for status 500 or 503; any other needs `code` and `status`. */
  | { type: 'error'; code?: string; status?: number; message?: string; afterWork?: boolean }
  /** No answer: the connection is closed. */
  | { type: 'disconnect'; afterWork?: boolean }
  /** Waits; then the next faults in the list apply. */
  | { type: 'delay'; seconds: number }
  /** The function throws, or its process ends with an `errorType` such as `Runtime.ExitError`. */
  | { type: 'functionError'; errorType?: string; errorMessage?: string; afterWork?: boolean }
  /** The function runs for this many seconds and then times out. */
  | { type: 'timeOut'; seconds: number; afterWork?: boolean }
  /** The job waits for a confirmation after its preparation, as if it had requested one. */
  | { type: 'suspendJob' }
  /** The job fails when its preparation begins, or when this many of its tasks have been started. */
  | { type: 'failJob'; failureCode?: string; failureReason?: string; afterTasks?: number };

/** Selects calls, invocations, tasks or jobs; in strings `*` stands for any number of characters. */
export interface FaultMatch {
  bucket?: string;
  key?: string;
  jobId?: string;
  functionName?: string;
  /** At most 1: this share of the objects, which are always the same for one seed. */
  objectShare?: number;
}

/** One rule: what it applies to, which occasions it strikes, and its effect. */
export interface Fault {
  /** Default: its position in the list, counted from 1. */
  id?: string;
  service: FaultService;
  /** An API action, `Publish` or `Invoke`; for batch the job's operation. Default: all. */
  action?: string;
  match?: FaultMatch;
  /** The first matches, up to this number, are not struck. */
  after?: number;
  /** Of the other matches, every nth is struck; default 1. */
  every?: number;
  /** At most 1: this share of those matches is struck, drawn by the seed; default 1. */
  share?: number;
  /** Maximum number of strikes; default: unlimited. */
  times?: number;
  effect: FaultEffect;
}

export type EffectType = FaultEffect['type'];
export type EffectOf<Type extends EffectType> = Extract<FaultEffect, { type: Type }>;

/** Effects on a job as a whole; all other effects apply to calls, invocations and tasks. */
export type JobEffect = EffectOf<'suspendJob' | 'failJob'>;

export const isJobEffect = (effect: FaultEffect): effect is JobEffect =>
  effect.type === 'suspendJob' || effect.type === 'failJob';
