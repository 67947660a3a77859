/** A web page of another origin in a real browser: it can neither call the stack nor read from it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
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
const attack = (url: string) => `new Promise((done) => {
  const image = new Image();
  image.onload = image.onerror = () => {
    const frame = Object.assign(document.createElement('iframe'), { name: 'target' });
    const form = Object.assign(document.createElement('form'), { method: 'post', action: ${JSON.stringify(url)}, target: 'target' });
    document.body.append(frame, form);
    frame.onload = () =>
      fetch(${JSON.stringify(url)}, { method: 'POST', mode: 'no-cors', body: 'x' }).catch(() => {}).then(() => done('tried'));
    form.submit();
  };
  image.src = ${JSON.stringify(url)};
})`;

test.each(['127.0.0.1', 'localhost'])(
  'a page of %s on another port creates no topic and no job',
  async (host) => {
    const page = await browser.newPage();
    await page.goto(`http://${host}:${(foreign.address() as AddressInfo).port}/`);
    const before = await topics();
    const statuses: number[] = [];
    page.on('response', (response) => {
      if (response.url().startsWith(stack.awsUrl)) statuses.push(response.status());
    });
    await page.evaluate(
      attack(`${stack.awsUrl}/?Action=CreateTopic&Version=2010-03-31&Name=planted-${host.length}`),
    );
    expect(statuses.length).toBeGreaterThanOrEqual(3);
    expect(new Set(statuses)).toEqual(new Set([403]));
    expect(await topics()).toBe(before);
    await page.evaluate(attack(`${stack.apiUrl}/jobs`));
    const { jobs } = (await (await fetch(`${stack.apiUrl}/jobs`)).json()) as { jobs: unknown[] };
    expect(jobs).toEqual([]);
    await page.close();
  },
);
