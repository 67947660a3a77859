/**
 * GET /: links to the calls. GET /openapi.json: the contract of this API. GET /health: confirms that the API answers,
 * without calling AWS.
 */
import type { Entry } from './core/generated/entry.mjs';
import type { Health } from './core/generated/health.mjs';
import openapi from './core/generated/openapi.json' with { type: 'json' };
import { withEtag } from './http/etag.ts';
import { httpHandler } from './http/http-handler.ts';

const health: Health = { status: 'up', version: openapi.info.version };

const entry: Entry = {
  name: 'bucket-brigade',
  version: openapi.info.version,
  links: { jobs: '/jobs', contract: '/openapi.json', health: '/health' },
};

export const handler = httpHandler(async (request) => {
  if (request.route === 'GET /') return { status: 200, body: entry };
  return request.route === 'GET /health'
    ? { status: 200, headers: { 'cache-control': 'no-store' }, body: health }
    : withEtag(request, { status: 200, body: openapi });
});
