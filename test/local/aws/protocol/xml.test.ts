import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ShapeFault } from '../../../../local/aws/protocol/fault.ts';
import { decodeXml, parseXml } from '../../../../local/aws/protocol/parse-xml.ts';
import { withReferences } from '../../../../local/aws/protocol/xml-characters.ts';
import { startS3WithBucket } from '../../../support/s3.ts';
import { recordingServer } from '../../../support/s3control.ts';
import { startServices } from '../../../support/services.ts';
import { callWire, wireRequest } from '../../../support/wire.ts';

const escaped = (text: string) =>
  withReferences(text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
/** By XML 1.0, section 2.2. */
const isForbidden = (character: string) => {
  const code = character.codePointAt(0) ?? 0;
  return code < 32
    ? ![9, 10, 13].includes(code)
    : (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff;
};
/** Text whose characters XML 1.0 can carry. A carriage return is normalized, so it is left out. */
const plainText = fc
  .string({ unit: 'binary', maxLength: 20 })
  .filter((text) => !text.includes('\r') && ![...text].some(isForbidden));
const forbidden = fc.constantFrom(
  ...[...Array(32).keys()]
    .filter((code) => ![9, 10, 13].includes(code))
    .map((code) => String.fromCharCode(code)),
  '\ufffe',
  '\uffff',
);
const gap = fc.stringMatching(/^[ \t\r\n]{0,4}$/);

const objects = (keys: string[]) =>
  `<Delete>${keys.map((key) => `<Object><Key>${key}</Key></Object>`).join('')}</Delete>`;

async function startWithObjects(...keys: string[]) {
  const s3 = await startS3WithBucket();
  for (const key of keys) await s3.put(key);
  const deleteObjects = async (body: string | Uint8Array) => {
    const { createHash } = await import('node:crypto');
    const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
    return callWire(s3.handle, wireRequest('POST', '/bucket?delete', { body, headers }));
  };
  const list = async (query = '') =>
    (await callWire(s3.handle, wireRequest('GET', `/bucket?list-type=2${query}`))).text;
  return { ...s3, deleteObjects, list };
}

describe('white space between elements is ignored:', () => {
  const parts = [
    '<?xml version="1.0"?>',
    '<CreateJobRequest>',
    '<Operation>',
    '<S3PutObjectTagging>',
    '<TagSet>',
    '<member>',
    '<Key>a</Key>',
    '<Value> b </Value>',
    '</member>',
    '</TagSet>',
    '</S3PutObjectTagging>',
    '</Operation>',
    '<Report>',
    '<Enabled>false</Enabled>',
    '</Report>',
    '<Priority>1</Priority>',
    '<RoleArn>r</RoleArn>',
    '</CreateJobRequest>',
  ];
  const inputOf = async (body: string) => {
    const { handle, inputs } = recordingServer();
    const { status } = await callWire(handle, wireRequest('POST', '/v20180820/jobs', { body }));
    return { status, input: inputs[0]?.[1] };
  };
  const expected = {
    Operation: { S3PutObjectTagging: { TagSet: [{ Key: 'a', Value: ' b ' }] } },
    Report: { Enabled: false },
    Priority: 1,
    RoleArn: 'r',
  };

  test('any mixture of spaces, tabs and line ends, with or without a byte order mark', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(gap, { minLength: 18, maxLength: 18 }), async (mark, gaps) => {
        const body = (mark ? '\ufeff' : '') + parts.map((part, i) => part + gaps[i]).join('');
        expect(await inputOf(body)).toEqual({ status: 200, input: expected });
      }),
      { numRuns: 50 },
    );
  });

  test('comments and processing instructions too', async () => {
    expect(await inputOf(parts.join(' <!-- a <b> & c -->\t<?x y?> '))).toEqual({
      status: 200,
      input: expected,
    });
  });

  test('the tags of a bucket, as s3cmd sends them', async () => {
    const { handle } = await startS3WithBucket();
    const body = '<Tagging> <TagSet>\n\t<Tag> <Key>a</Key>\t<Value>b</Value> </Tag> </TagSet> </Tagging>';
    const { status } = await callWire(handle, wireRequest('PUT', '/bucket?tagging', { body }));
    expect(status).toBeLessThan(300);
    const { text } = await callWire(handle, wireRequest('GET', '/bucket?tagging'));
    expect(text).toContain('<Tag><Key>a</Key><Value>b</Value></Tag>');
  });

  test('text between elements is not ignored', async () => {
    expect((await inputOf(parts.join('x'))).status).toBe(400);
  });
});

describe('a document that is not well-formed is MalformedXML and changes nothing:', () => {
  test.each<[string, string | Uint8Array]>([
    ['a bare ampersand', objects(['a&b', 'key'])],
    ['an unknown entity', objects(['&nbsp;', 'key'])],
    ['a reference without a semicolon', objects(['&amp', 'key'])],
    ['a reference to NUL', objects(['&#0;', 'key'])],
    ['a reference to a surrogate', objects(['&#xd800;', 'key'])],
    ['a reference beyond Unicode', objects(['&#x110000;', 'key'])],
    ['a raw U+0010', objects(['\u0010', 'key'])],
    ['a raw NUL', objects(['\0', 'key'])],
    ['a raw U+FFFF', objects(['\uffff', 'key'])],
    ['bytes that are not UTF-8', Buffer.from(objects(['\xff', 'key']), 'latin1')],
    [
      'an encoded surrogate',
      Buffer.concat([Buffer.from('<Delete>'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('</Delete>')]),
    ],
    ['another encoding', `<?xml version="1.0" encoding="ISO-8859-1"?>${objects(['key'])}`],
    ['a wrong end tag', '<Delete><Object><Key>key</Object></Key></Delete>'],
    ['an unclosed comment', `<!-- ${objects(['key'])}`],
    ['two roots', objects(['key']) + objects(['key'])],
    ['text after the root', `${objects(['key'])}x`],
    ['an attribute twice', '<Delete a="1" a="2"><Object><Key>key</Key></Object></Delete>'],
    ['an attribute without quotes', '<Delete a=1><Object><Key>key</Key></Object></Delete>'],
    ['the end of CDATA in text', objects([']]>', 'key'])],
    ['a document type', `<!DOCTYPE Delete>${objects(['key'])}`],
    ['elements nested 200 deep', `${'<Delete>'.repeat(200)}${'</Delete>'.repeat(200)}`],
  ])('%s', async (_, body) => {
    const { deleteObjects, list } = await startWithObjects('key');
    const { status, text } = await deleteObjects(body);
    expect({ status, code: /<Code>(\w+)/.exec(text)?.[1] }).toEqual({ status: 400, code: 'MalformedXML' });
    expect(await list()).toContain('<Key>key</Key>');
  });

  test('any forbidden character anywhere in the document', () => {
    fc.assert(
      fc.property(forbidden, plainText, fc.nat(200), (character, text, position) => {
        const document = `<a b="${escaped(text).replaceAll('"', '&quot;')}">${escaped(text)}<!-- c --></a>`;
        const at = position % (document.length + 1);
        expect(() => parseXml(document.slice(0, at) + character + document.slice(at))).toThrow(ShapeFault);
      }),
    );
  });

  test('any bytes: a document or a fault, never another error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          parseXml(decodeXml(Buffer.concat([Buffer.from('<a>'), bytes, Buffer.from('</a>')])));
        } catch (error) {
          expect(error).toBeInstanceOf(ShapeFault);
        }
      }),
    );
  });
});

describe('text of any kind', () => {
  test('is read from a document as it was written', () => {
    fc.assert(
      fc.property(plainText, (text) => {
        expect(parseXml(`<a>${escaped(text)}</a>`).value).toBe(text);
      }),
    );
  });

  test('with characters that XML 1.0 forbids travels as references', () => {
    const any = fc
      .string({ unit: 'binary', maxLength: 20 })
      .filter((text) => !text.includes('\r') && !text.includes('\0') && text.isWellFormed());
    fc.assert(
      fc.property(any, (text) => {
        const document = `<a>${escaped(text)}</a>`;
        expect(parseXml(document, { anyCharacter: true }).value).toBe(text);
      }),
    );
  });

  test('CDATA is text', () => {
    expect(parseXml('<a><![CDATA[<b>&amp;]]></a>').value).toBe('<b>&amp;');
  });
});

describe('a key with a control character', () => {
  test('is listed as a reference', async () => {
    const { list } = await startWithObjects('a\bb');
    expect(await list()).toContain('<Key>a&#x8;b</Key>');
  });

  test('is listed percent-encoded with encoding-type=url', async () => {
    const { list } = await startWithObjects('a\bb');
    expect(await list('&encoding-type=url')).toContain('<Key>a%08b</Key>');
  });

  test('is deleted by a reference', async () => {
    const { deleteObjects, list } = await startWithObjects('a\bb');
    expect((await deleteObjects(objects(['a&#x8;b']))).status).toBe(200);
    expect(await list()).not.toContain('<Key>');
  });

  test('is a reference in an error document', async () => {
    const { handle } = await startS3WithBucket();
    const { text } = await callWire(handle, wireRequest('GET', '/bucket/a%08b'));
    expect(text).toContain('<Key>a&#x8;b</Key>');
  });
});

describe('a text of a job with a character that XML cannot carry is refused with 400:', () => {
  const account = { 'x-amz-account-id': '000000000000' };
  const job = (members: string) =>
    `<CreateJobRequest><ConfirmationRequired>false</ConfirmationRequired><Operation><S3PutObjectTagging><TagSet/></S3PutObjectTagging></Operation><Report><Enabled>false</Enabled></Report><ClientRequestToken>t</ClientRequestToken><Manifest><Spec><Format>S3BatchOperations_CSV_20180820</Format><Fields><member>Bucket</member><member>Key</member></Fields></Spec><Location><ObjectArn>arn:aws:s3:::data/m</ObjectArn><ETag>"e"</ETag></Location></Manifest><Priority>1</Priority><RoleArn>arn:aws:iam::000000000000:role/r</RoleArn>${members}</CreateJobRequest>`;

  test('raw or as a reference, in a body', async () => {
    const { aws } = await startServices();
    const texts = [
      ['Description', (text: string) => `<Description>${text}</Description>`],
      ['tag', (text: string) => `<Tags><member><Key>${text}</Key><Value>v</Value></member></Tags>`],
    ] as const;
    for (const [name, membersOf] of texts) {
      for (const character of ['\u0001', '&#1;', '&#x1;', '\u000b', '&#xb;', '\ufffe', '&#xffff;']) {
        const body = job(membersOf(`a${character}b`));
        const { status } = await callWire(
          aws,
          wireRequest('POST', '/v20180820/jobs', { headers: account, body }),
        );
        expect({ name, character, status }).toEqual({ name, character, status: 400 });
      }
    }
    const jobs = async () =>
      (await callWire(aws, wireRequest('GET', '/v20180820/jobs', { headers: account }))).text;
    expect(await jobs()).not.toContain('<JobId>');
    const body = job('<Description>a&#9;b</Description>');
    await callWire(aws, wireRequest('POST', '/v20180820/jobs', { headers: account, body }));
    expect(await jobs()).toContain('<Description>a\tb</Description>');
  });

  test('percent-encoded, in the reason of a cancellation and in any other query', async () => {
    await fc.assert(
      fc.asyncProperty(
        forbidden,
        fc.constantFrom('statusUpdateReason', 'requestedJobStatus'),
        async (character, name) => {
          const { handle, inputs } = recordingServer();
          const query = new URLSearchParams({ requestedJobStatus: 'Cancelled', statusUpdateReason: 'why' });
          query.set(name, `a${character}b`);
          const { status } = await callWire(handle, wireRequest('POST', `/v20180820/jobs/j/status?${query}`));
          expect({ status, inputs }).toEqual({ status: 400, inputs: [] });
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a call of S3 Control without x-amz-account-id is 400:', () => {
  test.each([
    ['CreateJob', 'POST', '/v20180820/jobs'],
    ['ListJobs', 'GET', '/v20180820/jobs'],
    ['DescribeJob', 'GET', '/v20180820/jobs/j'],
    ['UpdateJobStatus', 'POST', '/v20180820/jobs/j/status?requestedJobStatus=Cancelled'],
    ['UpdateJobPriority', 'POST', '/v20180820/jobs/j/priority?priority=1'],
    ['GetJobTagging', 'GET', '/v20180820/jobs/j/tagging'],
    ['PutJobTagging', 'PUT', '/v20180820/jobs/j/tagging'],
    ['DeleteJobTagging', 'DELETE', '/v20180820/jobs/j/tagging'],
  ])('%s', async (name, method, target) => {
    const { aws } = await startServices();
    const body =
      name === 'CreateJob'
        ? '<CreateJobRequest><Operation/><Report><Enabled>false</Enabled></Report><ClientRequestToken>t</ClientRequestToken><Priority>1</Priority><RoleArn>r</RoleArn></CreateJobRequest>'
        : name === 'PutJobTagging'
          ? '<PutJobTaggingRequest><Tags/></PutJobTaggingRequest>'
          : '';
    const { status, text } = await callWire(aws, wireRequest(method, target, { body }));
    expect(status).toBe(400);
    expect(text).toContain('x-amz-account-id is required');
  });
});

test('a missing required header of S3 is named, and the request is not another operation', async () => {
  const { handle, put } = await startS3WithBucket();
  await put();
  const { status, text } = await callWire(handle, wireRequest('GET', '/bucket/key?attributes'));
  expect(status).toBe(400);
  expect(text).toContain('x-amz-object-attributes');
});

test('a request with 100,000 unknown members adds a few lines to the log', async () => {
  const { handle, lines } = recordingServer();
  const unknown = Array.from({ length: 100_000 }, (_, i) => `<u${i}/>`).join('');
  const body = `<CreateJobRequest><Operation/><Report><Enabled>false</Enabled></Report><Priority>1</Priority><RoleArn>r</RoleArn>${unknown}</CreateJobRequest>`;
  await callWire(handle, wireRequest('POST', '/v20180820/jobs', { body }));
  expect(lines).toHaveLength(11);
});
