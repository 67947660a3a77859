import type { AwsError } from '../../core/aws-error.ts';
import { FAILURE_CODES } from '../unconfirmed.ts';

/** Something about a manifest that makes the whole job fail, in the words of a FailureReason. */
export class ManifestFault extends Error {
  override readonly name = 'ManifestFault';
  readonly failureCode: string;
  /** Where in the manifest; for the log, S3 does not tell. */
  readonly where: string | undefined;

  constructor(failureCode: string, failureReason: string, where?: string) {
    super(failureReason);
    this.failureCode = failureCode;
    this.where = where;
  }

  at(where: string): ManifestFault {
    return new ManifestFault(this.failureCode, this.message, where);
  }
}

/** The manifest could be read, but not understood. */
export const invalidContent = (failureReason: string, where?: string): ManifestFault =>
  new ManifestFault('InvalidManifestContent', failureReason, where);

/** S3 refused to hand out an object of the manifest. */
export function unreadable({ status, code }: AwsError): ManifestFault {
  const reason =
    status === 403 ? 'Reading the manifest is forbidden' : 'Reading the manifest was not possible';
  return new ManifestFault(FAILURE_CODES.manifestUnreadable, `${reason}: ${code}`);
}
