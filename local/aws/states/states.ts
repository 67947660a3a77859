import * as Sfn from '@aws-sdk/client-sfn';
import type { WireHandler } from '../../core/wire.ts';
import type { StateMachines } from '../../states/state-machines.ts';
import type { Intercept } from '../protocol/action.ts';
import { awsJson } from '../protocol/aws-json.ts';
import type { Log } from '../protocol/fault.ts';

/** Step Functions on the wire. Every other operation is answered as not implemented. */
export function createStates({
  stateMachines,
  intercept,
  log,
}: {
  stateMachines: StateMachines;
  intercept?: Intercept;
  log?: Log;
}): { handle: WireHandler } {
  const handle = awsJson({
    model: Sfn,
    target: 'AWSStepFunctions',
    intercept,
    actions: {
      StartExecution: (input) => stateMachines.startExecution(input),
      DescribeExecution: (input) => stateMachines.describeExecution(input),
      StopExecution: (input) => stateMachines.stopExecution(input),
      ListExecutions: (input) => stateMachines.listExecutions(input),
      GetExecutionHistory: (input) => stateMachines.getExecutionHistory(input),
      DescribeStateMachine: (input) => stateMachines.describeStateMachine(input),
      ListStateMachines: () => stateMachines.listStateMachines(),
    },
    ...(log && { log }),
  });
  return { handle };
}
