import { AwsError } from '../../local/core/aws-error.ts';
import type { Clock } from '../../local/core/clock.ts';
import { createRandom } from '../../local/core/random.ts';
import type { Lambda } from '../../local/lambda/lambda.ts';
import type { StatusChangeEvent } from '../../local/states/calls/status-change.ts';
import type { Publish } from '../../local/states/run/task-resource.ts';
import { createStateMachines, type StateMachines } from '../../local/states/state-machines.ts';
import type { createMemoryStore } from './memory-store.ts';
import type { Shipped } from './shipped.ts';

/** Step Functions with the shipped machine, in a process that can be down for a time. */
export function createInterpreter(options: {
  name: string;
  shipped: Shipped;
  store: ReturnType<typeof createMemoryStore>;
  lambda: Lambda;
  publish: Publish;
  clock: Clock;
  onStatusChange: (event: StatusChangeEvent) => void;
}) {
  const { name, shipped, ...common } = options;
  const random = createRandom(`interpreter ${name}`);
  const start = () =>
    createStateMachines({ ...common, random, machines: [shipped.machine], load: shipped.load });
  let machines: StateMachines | undefined = start();

  const up = (): StateMachines => {
    if (machines) return machines;
    throw new AwsError('ServiceUnavailable', 503, 'Service is unable to handle request.');
  };

  return {
    actions: {
      StartExecution: (input: Parameters<StateMachines['startExecution']>[0]) => up().startExecution(input),
      DescribeExecution: (input: Parameters<StateMachines['describeExecution']>[0]) =>
        up().describeExecution(input),
      StopExecution: (input: Parameters<StateMachines['stopExecution']>[0]) => up().stopExecution(input),
      GetExecutionHistory: (input: Parameters<StateMachines['getExecutionHistory']>[0]) =>
        up().getExecutionHistory(input),
    },

    /** Stops all running executions, like an operator. */
    abort(): void {
      for (const { arn } of options.store.running())
        machines?.stopExecution({ executionArn: arn, error: 'Operator', cause: 'No longer wanted' });
    },

    /** The process ends, and a new one resumes its executions after `downSeconds`. */
    async restart(downSeconds: number): Promise<void> {
      const stopping = machines;
      machines = undefined;
      await stopping?.stop();
      await options.clock.sleep(downSeconds * 1000);
      machines = start();
      machines.resume();
    },

    /** Stops the interpreter. */
    stop: async () => machines?.stop(),
  };
}
