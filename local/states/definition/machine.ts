import type { Template } from '../expressions/template.ts';

/** A state machine that is ready to run: its definition is checked and its expressions are compiled. */
export interface Machine {
  startAt: string;
  states: ReadonlyMap<string, State>;
  /** For the whole execution; at most one year, as on AWS. */
  timeoutSeconds: number;
}

export type State = TaskState | WaitState | ChoiceState | PassState | SucceedState | FailState;

/** What happens when a state, a choice rule or a catcher is left. */
export interface Leaving {
  /** Variables to assign, each with its template. */
  assign: readonly (readonly [name: string, value: Template])[];
  /** Absent: the output is the state's result, or its input when it has no result. */
  output?: Template;
  /** Absent: the execution ends here. */
  next?: string;
}

export interface TaskState extends Leaving {
  type: 'Task';
  resource: string;
  /** Absent: the state's input. */
  arguments?: Template;
  timeoutSeconds?: Template<number>;
  retry: readonly Retrier[];
  catch: readonly Catcher[];
}

export interface WaitState extends Leaving {
  type: 'Wait';
  seconds?: Template<number>;
  timestamp?: Template<string>;
}

export interface ChoiceState {
  type: 'Choice';
  choices: readonly ChoiceRule[];
  /** Default, with the state's own Assign and Output. Absent: one of the rules has to match. */
  otherwise?: Leaving;
}

export interface ChoiceRule extends Leaving {
  condition: Template<boolean>;
}

export interface PassState extends Leaving {
  type: 'Pass';
}

export interface SucceedState extends Leaving {
  type: 'Succeed';
}

export interface FailState {
  type: 'Fail';
  error?: Template<string>;
  cause?: Template<string>;
}

export interface Retrier {
  errorEquals: readonly string[];
  intervalSeconds: number;
  maxAttempts: number;
  backoffRate: number;
  maxDelaySeconds: number;
  jitterStrategy: 'FULL' | 'NONE';
}

export interface Catcher extends Leaving {
  errorEquals: readonly string[];
}
