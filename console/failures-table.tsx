import { useEffect, useState } from 'preact/hooks';
import type { Failures } from '../functions/core/generated/failures.mjs';
import type { JobResource } from '../functions/core/generated/job-resource.mjs';
import { get, send, settings } from './api.ts';
import { Fault, Scroll, useAction } from './parts.tsx';

const PAGE_SIZE = 50;

/** The failed objects, page by page, of all codes or of those that are chosen. */
export function FailuresTable({
  job,
  onRetry,
}: {
  job: JobResource;
  onRetry(codes: readonly string[]): void;
}) {
  const [codes, setCodes] = useState<readonly string[]>([]);
  const [rows, setRows] = useState<Failures['failures']>([]);
  const [next, setNext] = useState<string | null>(null);
  const { act, error, isBusy } = useAction();
  const query = new URLSearchParams({
    pageSize: String(PAGE_SIZE),
    ...(codes.length > 0 && { code: codes.join(',') }),
  });
  const path = `/jobs/${job.jobRequestId}/failures?${query}`;
  const load = async (token?: string) => {
    const page = await get<Failures>(`${path}${token ? `&pageToken=${encodeURIComponent(token)}` : ''}`);
    setRows((known) => (token ? [...known, ...page.failures] : page.failures));
    setNext(page.nextPageToken);
  };
  useEffect(() => act(() => load()), [path]);
  return (
    <section>
      <h3>Failed objects</h3>
      <fieldset class="actions">
        <legend>Error codes</legend>
        {job.digest?.byCode.map(({ errorCode }) => (
          <label key={errorCode}>
            <input
              type="checkbox"
              checked={codes.includes(errorCode)}
              onChange={(event) =>
                setCodes([
                  ...codes.filter((code) => code !== errorCode),
                  ...(event.currentTarget.checked ? [errorCode] : []),
                ])
              }
            />{' '}
            {errorCode}
          </label>
        ))}
        {codes.length > 0 && !settings.isReadOnly && (
          <button type="button" onClick={() => onRetry(codes)}>
            Retry these codes
          </button>
        )}
        <button type="button" disabled={isBusy} onClick={() => act(() => download(path, job.jobRequestId))}>
          Download CSV
        </button>
      </fieldset>
      {error && <Fault error={error} />}
      <Scroll label="Failed objects">
        <table>
          <thead>
            <tr>
              <th scope="col">Code</th>
              <th scope="col">Object</th>
              <th scope="col">Message</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ bucket, key, versionId, errorCode, message }) => (
              <tr key={bucket + key + versionId}>
                <td>{errorCode}</td>
                <td>
                  <code>
                    {bucket}/{key}
                  </code>
                </td>
                <td>{message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {next && (
        <button type="button" disabled={isBusy} onClick={() => act(() => load(next))}>
          More
        </button>
      )}
    </section>
  );
}

/** All pages as the API writes them, safe for spreadsheets. */
async function download(path: string, id: string): Promise<void> {
  const parts: string[] = [];
  for (let address: string | undefined = path.replace(/pageSize=\d+/, 'pageSize=1000'); address; ) {
    const response = await send(address, { headers: { accept: 'text/csv' } });
    const text = await response.text();
    parts.push(parts.length === 0 ? text : text.slice(text.indexOf('\n') + 1));
    const [, next] = /<([^>]+)>;\s*rel="?next"?/.exec(response.headers.get('link') ?? '') ?? [];
    address = next && new URL(next, location.origin).pathname + new URL(next, location.origin).search;
  }
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/csv' }));
  Object.assign(document.createElement('a'), { href: url, download: `failures-${id}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
