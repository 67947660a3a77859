import { useState } from 'preact/hooks';
import { csvPages } from '../cli/output/csv-pages.ts';
import type { Failures } from '../functions/core/generated/failures.mjs';
import type { JobResource } from '../functions/core/generated/job-resource.mjs';
import { send, settings } from './api.ts';
import { usePages } from './hooks.ts';
import { Button, Check, Fault, More, Scroll } from './parts.tsx';

type FailuresProps = { job: JobResource; onRetry(codes: readonly string[]): void };

/** The failed objects, page by page, of all codes or of those that are chosen. */
export function FailuresTable({ job: { jobRequestId: id, digest }, onRetry }: FailuresProps) {
  const [codes, setCodes] = useState<readonly string[]>([]);
  const path = `/jobs/${id}/failures`;
  const query = (pageSize: string) =>
    new URLSearchParams({ pageSize, ...(codes.length > 0 && { code: codes.join(',') }) });
  const itemsOf = (page: Failures) => page.failures;
  const { items, more, act, error, isBusy } = usePages(`${path}?${query('50')}`, itemsOf);
  return (
    <section>
      <h3>Failed objects</h3>
      <fieldset class="actions">
        <legend>Error codes</legend>
        {digest?.byCode.map(({ errorCode }) => (
          <Check key={errorCode} value={errorCode} chosen={codes} onChange={setCodes}>
            {errorCode}
          </Check>
        ))}
        {codes.length > 0 && !settings.isReadOnly && (
          <Button onClick={() => onRetry(codes)}>Retry these codes</Button>
        )}
        <Button disabled={isBusy} onClick={() => act(() => download(path, query('1000'), id))}>
          Download CSV
        </Button>
      </fieldset>
      <Fault error={error} />
      <Scroll label="Failed objects">
        <table>
          <thead>
            <tr>
              {['Code', 'Object', 'Message'].map((name) => (
                <th key={name}>{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items?.map(({ bucket, key, versionId, errorCode, message }) => (
              <tr key={bucket + key + versionId}>
                <td>{errorCode}</td>
                <td>{`${bucket}/${key}`}</td>
                <td>{message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <More {...{ more, isBusy }} />
    </section>
  );
}

/** All pages as the API writes them, safe for spreadsheets. */
async function download(path: string, query: URLSearchParams, id: string): Promise<void> {
  const parts: string[] = [];
  const read = async (page: string) => {
    const response = await send(page, { headers: { accept: 'text/csv' } });
    return { headers: response.headers, text: await response.text() };
  };
  for await (const text of csvPages(path, query, read)) parts.push(text);
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/csv' }));
  Object.assign(document.createElement('a'), { href: url, download: `failures-${id}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
