import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { listQueryOf } from '../../../../functions/domain/job/job-list.ts';
import type { JobRequestNow } from '../../../../functions/domain/job/job-resource.ts';
import {
  type JobPage,
  type JobSource,
  type ListedExecution,
  pageOf,
  searchJobs,
} from '../../../../functions/domain/job/job-search.ts';
import { jobRequestIdOf, tenantHashOf } from '../../../../functions/domain/request/job-request-id.ts';
import { acceptedRequest } from '../../../support/jobs.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const own = tenantHashOf('ann');

interface Given {
  startedMs: number;
  tenant: 'ann' | 'bob';
  isFailed: boolean;
}

/** Step Functions with these executions, newest first. Counts the calls of each page. */
function createSource(given: Given[], listSize: number) {
  let made = 0;
  const kept = new Set<string>();
  const executions: (ListedExecution & Given)[] = [];
  const calls = { lists: 0, describes: 0 };
  const add = (each: Given) => {
    const name = jobRequestIdOf(each.tenant, { key: String(made++) });
    executions.push({ ...each, name, status: 'SUCCEEDED' });
    executions.sort((a, b) => b.startedMs - a.startedMs);
  };
  for (const each of given) add(each);
  const describe = ({ name, startedMs }: ListedExecution): JobRequestNow => {
    const { tenant, isFailed } = executions.find((each) => each.name === name) as Given;
    const request = {
      ...acceptedRequest({}, startedMs),
      jobRequestId: name,
      tenantHash: tenantHashOf(tenant),
    };
    const outcome = isFailed ? ('Failed' as const) : ('NotCreated' as const);
    return {
      request,
      executionStatus: 'SUCCEEDED',
      record: { jobRequestId: name, outcome, noticedAt: request.submittedAt, failureReasons: [] },
    };
  };
  const source: JobSource = {
    async list(token) {
      calls.lists++;
      const from = token === undefined ? 0 : executions.findIndex(({ name }) => name === token);
      const to = from + listSize;
      return {
        executions: executions.slice(from, to),
        ...(to < executions.length && { next: executions[to]?.name ?? '' }),
      };
    },
    isKept: ({ name }) => kept.has(name),
    async describe(listed) {
      calls.describes += listed.filter(({ name }) => !kept.has(name)).length;
      for (const { name } of listed) kept.add(name);
      return listed.map(describe);
    },
    withJobs: async (found) => [...found],
  };
  return { source, calls, add, executions };
}

const given = fc.record({
  startedMs: fc.integer({ min: 0, max: 20 }).map((second) => START + second * 1000),
  tenant: fc.constantFrom('ann' as const, 'ann' as const, 'bob' as const),
  isFailed: fc.boolean(),
});
const query = (members: Record<string, string>) => listQueryOf(members);

test('every page is full within its calls, and each job request is listed once, also when others are added', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(given, { maxLength: 150 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 40 }),
      fc.boolean(),
      fc.array(fc.nat(3), { maxLength: 20 }),
      async (all, pageSize, listSize, onlyFailed, added) => {
        const { source, calls, add, executions } = createSource(all, listSize);
        const wanted = executions
          .filter(({ tenant, isFailed }) => tenant === 'ann' && (isFailed || !onlyFailed))
          .map(({ name }) => name);
        const filters = onlyFailed ? { status: 'Failed' } : {};
        const listed: string[] = [];
        let page: JobPage = { jobs: [] };
        let token: string | null = null;
        let pages = 0;
        do {
          calls.lists = calls.describes = 0;
          const members = { ...filters, pageSize: String(pageSize), ...(token && { pageToken: token }) };
          page = await searchJobs(source, own, query(members));
          expect(calls.lists).toBeLessThanOrEqual(10);
          expect(calls.describes).toBeLessThanOrEqual(60);
          const isSpent = calls.lists === 10 || calls.describes === 60;
          if (page.next && !isSpent) expect(page.jobs).toHaveLength(pageSize);
          listed.push(...page.jobs.map(({ jobRequestId }) => jobRequestId));
          token = pageOf(page).nextPageToken;
          expect((page.next?.names ?? []).filter((name) => !name.startsWith(own.slice(0, 20)))).toEqual([]);
          for (let i = added[pages++] ?? 0; i > 0; i--)
            add({ startedMs: START + 60_000 + pages * 1000, tenant: i % 2 ? 'ann' : 'bob', isFailed: true });
        } while (token !== null);
        expect(listed).toEqual(wanted.filter((name) => listed.includes(name)));
        expect(new Set(listed)).toEqual(new Set(wanted));
      },
    ),
    { numRuns: 150 },
  );
});

test('a short page says how far the search has come', async () => {
  const all = Array.from({ length: 100 }, (_, i) => ({
    startedMs: START - i * 60_000 + 1,
    tenant: 'ann' as const,
    isFailed: false,
  }));
  const { source } = createSource(all, 1000);
  const page = pageOf(await searchJobs(source, own, query({ status: 'Failed' })));
  expect(page).toMatchObject({ jobs: [], nextPageToken: expect.any(String) });
  expect(page.searchedBackTo).toBe(new Date(START - 58 * 60_000).toISOString());
  const next = await searchJobs(
    source,
    own,
    query({ status: 'Failed', pageToken: page.nextPageToken ?? '' }),
  );
  expect(pageOf(next)).toEqual({ jobs: [], nextPageToken: null, searchedBackTo: null });
});
