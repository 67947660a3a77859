/** A web page of another origin in a real browser: it can neither call the stack nor read from it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { type Stack, startStack } from '../../local/stack.ts';
import { launchBrowser } from '../support/browser.ts';

let stack: Stack;
let browser: Browser;
let foreign: Server;

beforeAll(async () => {
  stack = await startStack();
  browser = await launchBrowser();
  foreign = createServer((_, response) => response.end('<!doctype html><title>foreign</title>'));
  await new Promise<void>((done) => foreign.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
  foreign?.close();
});

const topics = async () => {
  const sns = new SNSClient({ endpoint: stack.awsUrl });
  const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
  return Topics.length;
};

/** Loads an image, submits a form into a frame, and fetches without CORS, all to the same address. */
const attack = (url: string) => `{
  const url = ${JSON.stringify(url)};
  new Image().src = url;
  document.body.insertAdjacentHTML('beforeend', '<iframe name="target"></iframe><form method="post" target="target"></form>');
  Object.assign(document.forms[0], { action: url }).submit();
  void fetch(url, { method: 'POST', mode: 'no-cors', body: 'x' }).catch(() => {});
}`;

/** The status of each of the three answers. */
async function statusesOf(page: Page, url: string): Promise<number[]> {
  const statuses: number[] = [];
  const all = new Promise<void>((done) => {
    page.on('response', (response) => {
      if (response.url() === url && statuses.push(response.status()) === 3) done();
    });
  });
  await page.goto(page.url()); // without what an earlier attack left
  await page.evaluate(attack(url));
  await all;
  return statuses;
}

test.each(['127.0.0.1', 'localhost'])(
  'a page of %s on another port creates no topic and no job',
  async (host) => {
    const page = await browser.newPage();
    await page.goto(`http://${host}:${(foreign.address() as AddressInfo).port}/`);
    const before = await topics();
    const publish = `${stack.awsUrl}/?Action=CreateTopic&Version=2010-03-31&Name=planted-${host.length}`;
    expect(await statusesOf(page, publish)).toEqual([403, 403, 403]);
    expect(await topics()).toBe(before);
    expect(await statusesOf(page, `${stack.apiUrl}/jobs`)).toEqual([403, 403, 403]);
    const { jobs } = (await (await fetch(`${stack.apiUrl}/jobs`)).json()) as { jobs: unknown[] };
    expect(jobs).toEqual([]);
    await page.close();
  },
);
