/** The page in a real browser, against the local stack with real jobs. `npm run test:browser` runs it. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type Stack, startStack } from '../../local/stack.ts';
import { accessibilityFaults, launchBrowser, openPage } from '../support/browser.ts';

let stack: Stack;
let browser: Browser;
let page: Page;
let complaints: string[];

const put = (path: string, body: string) => fetch(`${stack.awsUrl}/${path}`, { method: 'PUT', body });

async function submit(body: object): Promise<string> {
  const answer = await fetch(`${stack.apiUrl}/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=5' },
    body: JSON.stringify(body),
  });
  return ((await answer.json()) as { jobRequestId: string }).jobRequestId;
}

const tagging = (Description: string, keys: string[], more: object = {}) =>
  submit({
    Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'team', Value: 'media' }] } },
    Objects: keys.map((Key) => ({ Bucket: 'data', Key })),
    Description,
    ...more,
  });

const job = async (id: string) =>
  (await (await fetch(`${stack.apiUrl}/jobs/${id}`)).json()) as { outcome: string | null };

beforeAll(async () => {
  stack = await startStack({ speed: 600 });
  browser = await launchBrowser();
  await put('data', '');
  for (const key of ['a.txt', 'b.txt', 'c.txt']) await put(`data/photos/${key}`, key);
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});
beforeEach(async () => {
  ({ page, complaints } = await openPage(browser));
});
afterEach(async () => {
  const found = [...complaints];
  await page.close();
  expect(found).toEqual([]);
});

const open = (path = '') => page.goto(`${stack.apiUrl}/console/${path}`);

test('the list shows jobs with outcome, counts and age, and keeps its filters in the URL', async () => {
  await tagging('tidy photos', ['photos/a.txt']);
  await tagging('half missing', ['photos/a.txt', 'photos/none.txt']);
  await open();
  await page.getByRole('link', { name: 'tidy photos' }).waitFor();
  const row = page.getByRole('listitem').filter({ hasText: 'half missing' });
  expect(await row.innerText()).toMatch(/CompletedWithFailures(.|\n)*2 of 2 \(1 failed\)/);
  await page.getByLabel('State').selectOption('Succeeded');
  await page.getByRole('link', { name: 'half missing' }).waitFor({ state: 'detached' });
  expect(new URL(page.url()).searchParams.get('status')).toBe('Succeeded');
  await page.reload();
  await page.getByRole('link', { name: 'tidy photos' }).waitFor();
  expect(await page.getByRole('link', { name: 'half missing' }).count()).toBe(0);
});

test('a job that waits for confirmation stands out, is confirmed, and its page follows it to the end', async () => {
  const id = await tagging('please confirm', ['photos/b.txt'], { ConfirmationRequired: true });
  await open(`jobs/${id}`);
  await page.getByText('Waits for confirmation').waitFor();
  await page.getByRole('button', { name: 'Confirm' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.innerText()).toContain('S3PutObjectTagging will run on 1 object.');
  await dialog.getByRole('button', { name: 'Start this job' }).click();
  await page.getByText('Succeeded').waitFor();
  expect(await job(id)).toMatchObject({ outcome: 'Succeeded' });
});

test('a cancel asks with the numbers, and Escape leaves the job as it is', async () => {
  const id = await tagging('to be cancelled', ['photos/a.txt', 'photos/b.txt'], {
    ConfirmationRequired: true,
  });
  await open(`jobs/${id}`);
  await page.getByText('Waits for confirmation').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('2 objects will not run.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Cancel this job' }).click();
  await page.getByText('Cancelled').first().waitFor();
});

test('failures are grouped by code, filtered, downloaded and retried', async () => {
  const id = await tagging('with failures', ['photos/a.txt', 'photos/late.txt']);
  await open(`jobs/${id}`);
  await page.getByText('Why 1 object failed').waitFor();
  await page.getByRole('cell', { name: 'data/photos/late.txt' }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(`failures-${id}.csv`);
  await put('data/photos/late.txt', 'here now');
  await page.getByRole('checkbox', { name: 'NoSuchKey' }).check();
  await page.getByRole('button', { name: 'Retry these codes' }).click();
  await page.getByText('1 object of 1 that failed will run again (NoSuchKey)').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Retry' }).click();
  await page.getByText('Parent').waitFor();
  await page.getByText('Succeeded').waitFor();
  const family = page.getByRole('listitem').filter({ hasText: '(this one)' });
  expect(await family.first().getByRole('link').first().textContent()).toBe(id);
  await page.getByText('Steps of the watch').click();
  for (const step of ['Created', 'Active for', 'Terminated'])
    await page.getByRole('term').filter({ hasText: step }).waitFor();
});

test('the rest of a canary runs in a new job, and a job that starts later says when', async () => {
  const id = await tagging('canary', ['photos/a.txt', 'photos/b.txt'], { MaxObjects: 1 });
  await open(`jobs/${id}`);
  await page.getByRole('button', { name: 'Run the rest' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Run the rest' }).click();
  await page.getByText('Parent').waitFor();
  await page.getByText('Succeeded').first().waitFor();
  expect(page.url()).not.toContain(id);
  const StartAt = new Date(Date.now() + 86_400_000).toISOString();
  await open(`jobs/${await tagging('tomorrow', ['photos/a.txt'], { StartAt })}`);
  await page.getByText('Scheduled').first().waitFor();
  await page.getByText('Starts at').waitFor();
});

test('a new job is checked before it starts, and starts as it was checked', async () => {
  await open('new');
  await page.getByLabel('With').fill('team=media');
  await page.getByLabel(/^On/).selectOption('A manifest (CSV)');
  await put('data/list.csv', 'data,photos/a.txt\n');
  await page.getByLabel('Address').fill('s3://data/list.csv');
  await page.getByRole('button', { name: 'Fill in' }).click();
  const start = page.getByRole('button', { name: 'Start exactly this' });
  expect(await start.isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Check (dry run)' }).click();
  await page.getByText('It would start').waitFor();
  await page.getByText('data/photos/a.txt').waitFor();
  await page.getByLabel('Request').press('End');
  await start.click();
  await page.getByText('Succeeded').waitFor();
});

test('a fault of the request leads to its line in the editor', async () => {
  await open('new');
  const body = '{\n  "Operation": { "S3DeleteObjectTagging": {} },\n  "Priority": "high"\n}';
  await page.getByLabel('Request').fill(body);
  await page.getByRole('button', { name: 'Check (dry run)' }).click();
  await page.getByRole('button', { name: 'Line 3' }).click();
  const selected = await page.evaluate('getSelection().toString()');
  expect(selected).toContain('"high"');
  complaints.length = 0; // the browser reports the 422
});

test('several jobs are cancelled at once', async () => {
  const ids = await Promise.all(
    ['one', 'two'].map((name) => tagging(`bulk ${name}`, ['photos/a.txt'], { ConfirmationRequired: true })),
  );
  await open('?text=bulk');
  for (const name of ['one', 'two']) {
    await page.getByText('Waits for confirmation').first().waitFor();
    await page.getByLabel(`Select bulk ${name}`).check();
  }
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Cancel 2 jobs' }).click();
  await page.getByText('Cancelled').nth(1).waitFor();
  for (const id of ids) expect(await job(id)).toMatchObject({ outcome: 'Cancelled' });
});

test('the keyboard alone opens a job', async () => {
  await tagging('by keyboard', ['photos/a.txt']);
  await open('?text=keyboard');
  const link = page.getByRole('link', { name: 'by keyboard' });
  await link.waitFor();
  const isFocused = () => page.evaluate(`document.activeElement.textContent === 'by keyboard'`);
  for (let i = 0; i < 30 && !(await isFocused()); i++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'by keyboard' }).waitFor();
});

test.each([
  ['light', 1200],
  ['dark', 1200],
  ['light', 360],
] as const)('every view is accessible and fits, %s at %d px', async (colorScheme, width) => {
  const id = await tagging('views', ['photos/a.txt', 'photos/none.txt']);
  const shown = await openPage(browser, { colorScheme, width });
  const views: [string, () => Promise<unknown>][] = [
    ['', () => shown.page.getByRole('link', { name: 'views' }).first().waitFor()],
    [`jobs/${id}`, () => shown.page.getByRole('cell', { name: 'data/photos/none.txt' }).waitFor()],
    ['new', () => shown.page.getByLabel('Request').waitFor()],
  ];
  for (const [path, ready] of views) {
    await shown.page.goto(`${stack.apiUrl}/console/${path}`);
    await ready();
    for (const summary of await shown.page.locator('summary').all()) await summary.click();
    expect({ path, faults: await accessibilityFaults(shown.page) }).toEqual({ path, faults: [] });
    const overflow = Number(await shown.page.evaluate('document.documentElement.scrollWidth - innerWidth'));
    expect({ path, overflow: Math.max(0, overflow) }).toEqual({ path, overflow: 0 });
  }
  expect(shown.complaints).toEqual([]);
  await shown.page.close();
});

test('the page is served with a strict policy, and a foreign Host is refused', async () => {
  const answer = await open();
  expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
  await page.getByRole('heading', { name: 'Bucket Brigade' }).waitFor();
  const violation = await page.evaluate(`new Promise((done) => {
    document.addEventListener('securitypolicyviolation', (event) => done(event.violatedDirective));
    const script = document.createElement('script');
    try { script.src = 'https://127.0.0.1:1/evil.js'; } catch (error) { done(error.name); }
    document.head.append(script);
  })`);
  expect(violation).toMatch(/script-src|require-trusted-types-for|TypeError/);
  complaints.length = 0; // the browser reports what the policy refused
});
