import { type Fault, KnownError } from '../../core/errors.ts';
import type { JobRequest } from '../../core/generated/job-request.mjs';
import { functionReferenceOf } from '../allowed/arns.ts';

/** The pointer of the user arguments. */
export const ARGUMENTS_POINTER = '/Operation/LambdaInvoke/UserArguments';

/** The user arguments of a job for this deployment's worker; undefined for any other job. */
export function workerArgumentsOf(
  { Operation: { LambdaInvoke: invoke } }: Pick<JobRequest, 'Operation'>,
  workerArn: string,
): Readonly<Record<string, string>> | undefined {
  const { FunctionArn: arn = workerArn, UserArguments = {} } = invoke ?? {};
  const isOurs = invoke && functionReferenceOf(arn)?.name === functionReferenceOf(workerArn)?.name;
  // readJobRequest has written all values as text.
  return isOurs ? (UserArguments as Readonly<Record<string, string>>) : undefined;
}

/**
 * Checks the arguments of a job for this deployment's worker, because with a fault every task would fail. Throws
 * InvalidRequest with all faults, or NotAllowed for an action that is off. The function has passed the allow-lists.
 */
export function checkWorkerArguments(
  request: Pick<JobRequest, 'Operation'>,
  workerArn: string,
  faultsOf: (userArguments: Readonly<Record<string, string>>) => Fault[],
): void {
  const given = workerArgumentsOf(request, workerArn);
  if (!given) return;
  const faults = faultsOf(given).map((fault) => ({
    ...fault,
    pointer: `${ARGUMENTS_POINTER}${fault.pointer}`,
  }));
  if (faults.length === 0) return;
  const isOff = faults.some(({ code }) => code === 'switchedOff');
  throw new KnownError(
    isOff ? 'NotAllowed' : 'InvalidRequest',
    'The worker does not accept these arguments; nothing was done.',
    { faults },
  );
}
