import * as S3Control from '@aws-sdk/client-s3-control';
import { inProcess } from '../../local/aws/in-process.ts';
import type { Actions } from '../../local/aws/protocol/action.ts';
import { restXml } from '../../local/aws/protocol/rest-xml.ts';
import { createRouter } from '../../local/aws/protocol/router.ts';
import type { WireHandler } from '../../local/core/wire.ts';

export const s3ControlServer = (actions: Actions<typeof S3Control>, log: (line: string) => void = () => {}) =>
  restXml<typeof S3Control>({
    route: createRouter(S3Control),
    namespace: 'http://awss3control.amazonaws.com/doc/2018-08-20/',
    actions,
    log,
  });

/** A real S3 Control client that calls the handler without a socket. */
export const s3ControlClient = (handle: WireHandler) =>
  new S3Control.S3ControlClient({
    requestHandler: inProcess(handle),
    endpointProvider: () => ({ url: new URL('http://127.0.0.1:1') }),
    maxAttempts: 1,
  });

/** A server that records the inputs of its actions and answers with the least that clients accept. */
export function recordingServer() {
  const inputs: [operation: string, input: object][] = [];
  const record =
    <Answer>(operation: string, answer: Answer) =>
    (input: object) => {
      inputs.push([operation, input]);
      return answer;
    };
  const lines: string[] = [];
  const handle = s3ControlServer(
    {
      CreateJob: record('CreateJob', { JobId: 'a-job' }),
      DescribeJob: record('DescribeJob', {}),
      ListJobs: record('ListJobs', { Jobs: [] }),
      UpdateJobStatus: record('UpdateJobStatus', {}),
      UpdateJobPriority: record('UpdateJobPriority', { JobId: 'a-job', Priority: 1 }),
      PutJobTagging: record('PutJobTagging', {}),
      DeleteJobTagging: record('DeleteJobTagging', {}),
    },
    (line) => lines.push(line),
  );
  return { inputs, lines, handle, client: s3ControlClient(handle) };
}
