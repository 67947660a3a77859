import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { callAws } from '../../functions/aws/known-errors.ts';
import { isKnownError } from '../../functions/core/errors.ts';
import { retryableErrors } from '../../functions/core/retryable-errors.ts';
import { isRetryable } from '../../functions/domain/report/report-digest.ts';
import { connectionErrors, isTemporary } from '../../functions/worker/failures.ts';
import { readDocument, tableBelow } from '../support/markdown.ts';

const errorOf = (name: string, httpStatusCode: number) =>
  Object.assign(new Error('said S3'), { name, $metadata: { httpStatusCode } });

/** Whether the orchestrator calls AWS again after this error. */
async function isRetriedByTheOrchestrator(name: string, status: number): Promise<boolean> {
  const error = await callAws(() => Promise.reject(errorOf(name, status))).catch((thrown) => thrown);
  return isKnownError(error, 'Throttled') || isKnownError(error, 'AwsUnavailable');
}

describe('one list of retryable errors', () => {
  const names = [...retryableErrors];

  test.each(names)('%s is retryable in the worker, in reports and in the orchestrator', async (name) => {
    expect({
      worker: isTemporary(errorOf(name, 400)),
      report: isRetryable(name, 400),
      orchestrator: await isRetriedByTheOrchestrator(name, 400),
    }).toEqual({ worker: true, report: true, orchestrator: true });
  });

  test('the three agree on any other error, whatever its HTTP status', async () => {
    const name = fc.oneof(fc.stringMatching(/^[A-Z][A-Za-z]{0,12}$/), fc.constantFrom(...names));
    await fc.assert(
      fc.asyncProperty(name, fc.integer({ min: 400, max: 599 }), async (code, status) => {
        // A report has status 500 for a failed replication, and the worker's own code.
        fc.pre(!/^(Src|Dst|AssumeRole|InitiateReplication|TemporaryFailure)/.test(code));
        fc.pre(!connectionErrors.has(code) && !code.startsWith('NoSuchJob') && code !== 'NotFoundException');
        const inWorker = isTemporary(errorOf(code, status));
        expect({ inWorker, inReports: isRetryable(code, status) }).toEqual({ inWorker, inReports: inWorker });
        expect(await isRetriedByTheOrchestrator(code, status)).toBe(inWorker);
      }),
      { numRuns: 200 },
    );
  });

  test('the documentation lists every one of them as temporary', () => {
    const temporary = tableBelow(readDocument('docs/worker.md'), 'How errors are sorted')
      .filter(([, result]) => result === 'temporary')
      .flatMap(([errors = '']) => [...errors.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
    for (const name of [...names, ...connectionErrors]) expect(temporary).toContain(name);
  });
});
