import * as Model from '@aws-sdk/client-s3-control';
import type { Batch } from '../../batch/batch.ts';
import type { Random } from '../../core/random.ts';
import type { WireHandler } from '../../core/wire.ts';
import type { Intercept } from '../protocol/action.ts';
import type { Log } from '../protocol/fault.ts';
import { restXml } from '../protocol/rest-xml.ts';
import { createRouter } from '../protocol/router.ts';
import { refuse } from './refuse.ts';

export interface S3ControlSettings {
  batch: Batch;
  intercept?: Intercept;
  random?: Random;
  log?: Log;
}

const route = createRouter(Model, { requiredHeaders: ['x-amz-account-id'] });

/** The jobs API of S3 Control. Every other action of the model answers NotImplemented with its name. */
export function createS3Control({ batch, ...options }: S3ControlSettings): { handle: WireHandler } {
  return {
    handle: restXml<typeof Model>({
      ...options,
      route,
      namespace: 'http://awss3control.amazonaws.com/doc/2018-08-20/',
      refuse,
      actions: {
        CreateJob: batch.createJob,
        DescribeJob: batch.describeJob,
        ListJobs: batch.listJobs,
        UpdateJobStatus: batch.updateJobStatus,
        UpdateJobPriority: batch.updateJobPriority,
        GetJobTagging: batch.getJobTagging,
        PutJobTagging: batch.putJobTagging,
        DeleteJobTagging: batch.deleteJobTagging,
      },
    }),
  };
}
