import type { StartExecutionInput } from '@aws-sdk/client-sfn';
import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { Execution } from '../store/execution.ts';
import type { ExecutionStore } from '../store/execution-store.ts';
import type { ServedMachine } from './definitions.ts';
import {
  checkArn,
  checkInput,
  checkName,
  executionAlreadyExists,
  executionArnOf,
  executionDoesNotExist,
} from './requests.ts';

/** A closed execution is kept, and its name taken, for 90 days. */
const KEPT_MS = 90 * 24 * 3600 * 1000;

/** Finds and starts executions. */
export function createExecutions({
  store,
  clock,
  random,
  onStarted,
}: {
  store: ExecutionStore;
  clock: Clock;
  random: Random;
  onStarted: (execution: Execution) => void;
}) {
  const findKept = (arn: string) => {
    store.forget(clock.now() - KEPT_MS);
    return store.find(arn);
  };

  const create = (machine: ServedMachine, name: string, arn: string, input: string): Execution => {
    const { arn: machineArn, roleArn, key: definition } = machine;
    const startedAt = clock.now();
    return store.create(
      { arn, name, machineArn, roleArn, definition, input, startedAt },
      {
        id: 1,
        previous: 0,
        at: startedAt,
        type: 'ExecutionStarted',
        details: { input, inputDetails: { truncated: false }, roleArn },
      },
    );
  };

  return {
    find(executionArn: string | undefined): Execution {
      const arn = checkArn(executionArn, 'execution');
      const execution = findKept(arn);
      if (!execution) throw executionDoesNotExist(arn);
      return execution;
    },

    /** A start with the name and input of a running execution returns that execution. */
    start(machine: ServedMachine, request: StartExecutionInput): Execution {
      const name = checkName(request.name ?? random.uuid());
      const input = checkInput(request.input ?? '{}');
      const arn = executionArnOf(machine.name, name);
      const existing = findKept(arn);
      if (existing?.status === 'RUNNING' && existing.input === input) return existing;
      if (existing) throw executionAlreadyExists(arn);
      const execution = create(machine, name, arn, input);
      onStarted(execution);
      return execution;
    },
  };
}
