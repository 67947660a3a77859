import type { JobRun } from '../job-run.ts';
import { markOf } from './job-request.ts';

/** Compares the API's answers to callers with what was done. */
export function doorFaults({ answers, executions, jobs, plan, stuck, unknownCalls }: JobRun): string[] {
  const ids = new Set(executions.map(({ execution }) => execution.name));
  const asked = executions.filter(({ execution }) => !('chain' in JSON.parse(execution.input)));
  const accepted = answers.filter(({ asked, status }) => asked === 'this' && status === 202);
  const refused = answers.filter(
    ({ asked, status }) => asked === 'this' && status >= 400 && (status < 500 || plan.isCalm),
  );
  const lost = accepted.filter(({ jobRequestId = '' }) => !ids.has(jobRequestId));
  const mixed = accepted.length > 0 && answers.some((a) => a.asked === 'something else' && a.status === 202);
  const different = new Set(accepted.map(({ jobRequestId }) => jobRequestId)).size;
  const foreign = jobs.filter((job) => !ids.has(markOf(job)));
  return [
    ...[...unknownCalls].map((call) => `the simulation has no ${call}: add it to test/simulation/world/`),
    ...(stuck === undefined ? [] : [stuck]),
    ...refused.map(({ status, code }) => `a valid request was answered ${status} ${code}`),
    ...(lost.length > 0 ? ['a request was accepted, and no execution has it'] : []),
    ...(mixed ? ['one key was accepted for two different requests'] : []),
    ...(plan.people.key && (different > 1 || asked.length > 1) ? ['one key made two job requests'] : []),
    ...(foreign.length > 0 ? ['there is a job that no job request asked for'] : []),
  ];
}
