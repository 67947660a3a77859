/** GET /jobs/{id}: the job request as it is now. */
import { findJobRequest } from './aws/job-requests.ts';
import { findRetries } from './aws/retries.ts';
import { hasFailures, isFinal, type JobRequestNow } from './domain/job/job-resource.ts';
import { withEtag } from './http/etag.ts';
import { jobHandler } from './http/job-handler.ts';
import { jobAnswer, notFound } from './http/job-requests.ts';
import { lookInTime, preferenceApplied } from './http/prefer.ts';

async function findWithRetries(id: string): Promise<JobRequestNow> {
  const now = await findJobRequest(id);
  if (!now) throw notFound(id);
  return now.job && hasFailures(now.job) ? { ...now, retries: await findRetries(id) } : now;
}

export const handler = jobHandler(async (request) => {
  const look = async () => {
    const now = await findWithRetries(request.id);
    return {
      now,
      answer: withEtag(request, jobAnswer(200, now, request.timeMs, preferenceApplied(request))),
    };
  };
  // Who has an ETag waits for something new, all others for the end.
  const isNews = ({ answer }: { answer: { status: number } }) =>
    request.headers['if-none-match'] !== undefined && answer.status === 200;
  const { answer } = await lookInTime(
    request,
    await look(),
    look,
    (seen) => isFinal(seen.now) || isNews(seen),
  );
  return answer;
});
