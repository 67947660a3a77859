/** GET /jobs/{id}: the job request as it is now. */
import { findChildren } from './aws/children.ts';
import { findJobRequest } from './aws/job-requests.ts';
import { isFinal, type JobRequestNow } from './domain/job/job-resource.ts';
import { stageOf } from './domain/job/job-status.ts';
import { withEtag } from './http/etag.ts';
import { jobAnswer, notFound } from './http/job-answer.ts';
import { jobHandler } from './http/job-handler.ts';
import { pollUntil, preferenceApplied } from './http/prefer.ts';

async function findWithChildren(id: string, tenantHash: string): Promise<JobRequestNow> {
  const now = await findJobRequest(id, tenantHash);
  if (!now) throw notFound(id);
  const hasEnded = now.job && stageOf(now.job.Status) === 'ended';
  return hasEnded ? { ...now, children: await findChildren(id, tenantHash) } : now;
}

export const handler = jobHandler(async (request) => {
  const poll = async () => {
    const now = await findWithChildren(request.id, request.tenantHash);
    return {
      now,
      answer: withEtag(request, jobAnswer(200, now, request.timeMs, preferenceApplied(request))),
    };
  };
  // A caller with an ETag waits for a change, all others wait for the end.
  const isChanged = ({ answer }: { answer: { status: number } }) =>
    request.headers['if-none-match'] !== undefined && answer.status === 200;
  const { answer } = await pollUntil(
    request,
    await poll(),
    poll,
    (state) => isFinal(state.now) || isChanged(state),
  );
  return answer;
});
