import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { recordingServer } from '../../../support/s3control.ts';
import { callWire, parseCaptures, wireRequest } from '../../../support/wire.ts';

const _captures = (name: string) =>
  parseCaptures(readFileSync(new URL(`captures/${name}.txt`, import.meta.url), 'utf8'));

describe('a request that does not fit the model', () => {
  const post = (body: string) => {
    const { handle, lines } = recordingServer();
    return callWire(handle, wireRequest('POST', '/v20180820/jobs', { body })).then((answer) => ({
      ...answer,
      lines,
    }));
  };
  const document = (members: string) => `<CreateJobRequest>${members}</CreateJobRequest>`;
  const valid =
    '<Operation><S3DeleteObjectTagging/></Operation><Report><Enabled>false</Enabled></Report><RoleArn>r</RoleArn>';

  test.each([
    ['text', 'hello'],
    ['another root', `<CreateJob>${valid}<Priority>1</Priority></CreateJob>`],
    ['a document type', `<!DOCTYPE x [<!ENTITY e "v">]>${document(`${valid}<Priority>1</Priority>`)}`],
    ['an unclosed element', document(`${valid}<Priority>1`)],
    ['an element twice', document(`${valid}<Priority>1</Priority><Priority>2</Priority>`)],
    ['text for a structure', document(`${valid}<Priority>1</Priority><Manifest>m</Manifest>`)],
    ['a missing required member', document(valid)],
    [
      'a missing required member further in',
      document(`${valid}<Priority>1</Priority><Tags><member><Key>k</Key></member></Tags>`),
    ],
    ['a word for a number', document(`${valid}<Priority>abc</Priority>`)],
    ['nothing for a number', document(`${valid}<Priority/>`)],
    [
      'a word for a boolean',
      document(`${valid}<Priority>1</Priority><ConfirmationRequired>maybe</ConfirmationRequired>`),
    ],
    [
      'a bad date',
      document(
        `<Operation><S3PutObjectCopy><ModifiedSinceConstraint>yesterday</ModifiedSinceConstraint></S3PutObjectCopy></Operation><Report><Enabled>false</Enabled></Report><RoleArn>r</RoleArn><Priority>1</Priority>`,
      ),
    ],
  ])('is refused: %s', async (_, body) => {
    const { status, text } = await post(body);
    expect(status).toBe(400);
    expect(text).toContain('<Code>MalformedXML</Code>');
  });

  test('is refused when a query parameter is not a number', async () => {
    const { handle } = recordingServer();
    const response = await callWire(handle, wireRequest('GET', '/v20180820/jobs?maxResults=many'));
    expect(response.status).toBe(400);
  });

  test('is accepted with an unknown member, and the log has one line', async () => {
    const { status, lines } = await post(document(`${valid}<Priority>1</Priority><Colour>red</Colour>`));
    expect(status).toBe(200);
    expect(lines).toEqual(['ignored the unknown member CreateJobRequest.Colour']);
  });

  test('is read with a namespace prefix and with the element names of the API reference', async () => {
    const { handle, inputs } = recordingServer();
    const body = `<?xml version="1.0"?><s:CreateJobRequest xmlns:s="urn:x"><s:Operation><s:S3PutObjectTagging><s:TagSet><s:S3Tag><s:Key>k</s:Key><s:Value>v</s:Value></s:S3Tag></s:TagSet></s:S3PutObjectTagging></s:Operation><s:Report><s:Enabled>false</s:Enabled></s:Report><s:Priority>1</s:Priority><s:RoleArn>r</s:RoleArn></s:CreateJobRequest>`;
    await callWire(handle, wireRequest('POST', '/v20180820/jobs', { body }));
    expect(inputs[0]?.[1]).toEqual({
      Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'k', Value: 'v' }] } },
      Report: { Enabled: false },
      Priority: 1,
      RoleArn: 'r',
    });
  });
});
