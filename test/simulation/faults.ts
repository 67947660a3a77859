import type { Clock } from '../../local/core/clock.ts';
import type { EffectOf } from '../../local/faults/fault.ts';
import type { Dice } from './dice.ts';
import type { Channel, Plan } from './plan.ts';

/** A failed call of a service: an error or a lost connection, before or after the work was done. */
export type CallFault = EffectOf<'throttle' | 'error' | 'disconnect'>;

/** A fault of the function that makes the call. */
export type FunctionFault = { type: 'killed'; afterWork: boolean } | { type: 'hangs'; afterWork: boolean };

/** The service accepts the call, and delays the work or the answer by this time. */
export interface Delay {
  type: 'slow';
  seconds: number;
  afterWork: boolean;
}

export type Fault = CallFault | FunctionFault | Delay;

export interface Faults {
  /** The fault of the current call. */
  draw(channel: Channel, action: string, options?: { isSpared?: boolean }): Fault | undefined;
  /** Ends all faults. */
  stop(): void;
  /** Faults so far, by kind. */
  readonly struck: ReadonlyMap<string, number>;
}

const throttle: Fault = { type: 'throttle' };
const unavailable: Fault = { type: 'error', status: 503 };
const broken = (afterWork: boolean): Fault => ({ type: 'error', status: 500, afterWork });
const torn = (afterWork: boolean): Fault => ({ type: 'disconnect', afterWork });
const denied: Fault = { type: 'error', code: 'AccessDenied', status: 403, message: 'Access Denied' };

type Kind = 'throttle' | 'unavailable' | 'broken' | 'torn' | 'killed' | 'hangs';

function faultOf(kind: Kind, afterWork: boolean): Fault {
  switch (kind) {
    case 'throttle':
      return throttle;
    case 'unavailable':
      return unavailable;
    case 'broken':
      return broken(afterWork);
    case 'torn':
      return torn(afterWork);
    case 'killed':
    case 'hangs':
      return { type: kind, afterWork };
  }
}

/** Faults of a call that a function makes. */
function drawCallFault(dice: Dice): Fault {
  const afterWork = dice.chance(0.5);
  const kind = dice.weigh({ throttle: 4, unavailable: 2, broken: 2, torn: 4, killed: 1.5, hangs: 1 });
  return faultOf(kind, afterWork);
}

/** Faults of an invocation, for the invoker. */
function drawInvocationFault(dice: Dice): Fault {
  const afterWork = dice.chance(0.5);
  const kind = dice.weigh({ throttle: 4, broken: 2, torn: 2, killed: 1.5, hangs: 0.5, slow: 1 });
  return kind === 'slow' ? { type: kind, seconds: dice.whole(1, 130), afterWork } : faultOf(kind, afterWork);
}

/** Faults of a call that Step Functions makes. */
function drawPublishFault(dice: Dice): Fault {
  const afterWork = dice.chance(0.5);
  const kind = dice.weigh({ throttle: 3, unavailable: 2, torn: 3, slow: 1 });
  return kind === 'slow' ? { type: kind, seconds: dice.whole(1, 60), afterWork } : faultOf(kind, afterWork);
}

/** The faults of one run: those of its plan, and those drawn for each call. */
export function createFaults(plan: Plan, dice: Dice, clock: Clock): Faults {
  const start = clock.now();
  const struck = new Map<string, number>();
  let isOver = false;
  const seconds = () => (clock.now() - start) / 1000;

  const outageOf = (channel: Channel) =>
    plan.outages.find(({ from, to, ...outage }) => {
      const now = seconds();
      return outage.channel === channel && now >= from && now < to;
    });
  const isDenied = (action: string) =>
    plan.denials.some((denial) => {
      const now = seconds();
      return denial.action === action && now >= denial.from && now < denial.to;
    });
  const share = () => (seconds() < plan.faults.untilSeconds ? plan.faults.share : plan.faults.laterShare);

  const find = (channel: Channel, action: string, isSpared: boolean): Fault | undefined => {
    const outage = outageOf(channel);
    if (outage) return outage.losesAnswers ? torn(true) : unavailable;
    if (isDenied(action)) return denied;
    if (isSpared || !dice.chance(share())) return undefined;
    if (action === 'Invoke') return drawInvocationFault(dice);
    return action === 'sns:publish' ? drawPublishFault(dice) : drawCallFault(dice);
  };

  return {
    struck,
    stop() {
      isOver = true;
    },
    draw(channel, action, { isSpared = false } = {}) {
      if (plan.isCalm || isOver) return undefined;
      const fault = find(channel, action, isSpared);
      if (fault) {
        const kind = `${channel} ${fault.type}${'afterWork' in fault && fault.afterWork ? ' after work' : ''}`;
        struck.set(kind, (struck.get(kind) ?? 0) + 1);
      }
      return fault;
    },
  };
}
