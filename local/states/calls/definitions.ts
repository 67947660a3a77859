import { createHash } from 'node:crypto';
import type { DescribeStateMachineOutput, StateMachineListItem } from '@aws-sdk/client-sfn';
import type { Clock } from '../../core/clock.ts';
import type { loadMachine } from '../definition/load-machine.ts';
import type { Machine } from '../definition/machine.ts';
import type { Execution } from '../store/execution.ts';
import type { ExecutionStore } from '../store/execution-store.ts';
import { checkArn, machineArnOf, machineDoesNotExist } from './requests.ts';

/** A state machine to be served. */
export interface MachineSource {
  name: string;
  /** ASL as JSON text, placeholders filled in. */
  definition: string;
  roleArn: string;
}

export interface ServedMachine extends MachineSource {
  arn: string;
  /** Key of the definition in the store. */
  key: string;
  createdAt: number;
}

/** The machines that are served now, and the definitions that running executions started with. */
export function createDefinitions(
  sources: readonly MachineSource[],
  { store, clock, load }: { store: ExecutionStore; clock: Clock; load: typeof loadMachine },
) {
  const compiled = new Map<string, Machine>();
  const served = new Map<string, ServedMachine>();
  for (const source of sources) {
    const key = createHash('sha256').update(source.definition).digest('hex');
    compiled.set(key, load(source.name, source.definition));
    store.keepDefinition(key, source.definition);
    const arn = machineArnOf(source.name);
    served.set(arn, { ...source, arn, key, createdAt: store.machineCreatedAt(arn, clock.now()) });
  }

  const find = (arn: string | undefined): ServedMachine => {
    const machine = served.get(checkArn(arn, 'stateMachine'));
    if (!machine) throw machineDoesNotExist(String(arn));
    return machine;
  };

  return {
    find,
    list: (): StateMachineListItem[] => [...served.values()].map(toListItem),
    describe: (arn: string | undefined): DescribeStateMachineOutput => describe(find(arn)),
    /** The machine that an execution runs: the definition that it started with, even if another is served now. */
    machineOf({ machineArn, definition }: Execution): Machine {
      const machine = compiled.get(definition) ?? load(machineArn, store.definition(definition));
      compiled.set(definition, machine);
      return machine;
    },
  };
}

const describe = ({
  arn,
  name,
  definition,
  roleArn,
  createdAt,
}: ServedMachine): DescribeStateMachineOutput => ({
  stateMachineArn: arn,
  name,
  status: 'ACTIVE',
  definition,
  roleArn,
  type: 'STANDARD',
  creationDate: new Date(createdAt),
  loggingConfiguration: { level: 'OFF', includeExecutionData: false },
  tracingConfiguration: { enabled: false },
});

const toListItem = ({ arn, name, createdAt }: ServedMachine): StateMachineListItem => ({
  stateMachineArn: arn,
  name,
  type: 'STANDARD',
  creationDate: new Date(createdAt),
});
