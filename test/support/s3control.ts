import * as S3Control from '@aws-sdk/client-s3-control';
import { inProcess } from '../../local/aws/in-process.ts';
import type { Actions } from '../../local/aws/protocol/action.ts';
import { restXml } from '../../local/aws/protocol/rest-xml.ts';
import type { WireHandler } from '../../local/aws/wire.ts';

export const s3ControlServer = (actions: Actions<typeof S3Control>, log: (line: string) => void = () => {}) =>
  restXml({
    model: S3Control,
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
