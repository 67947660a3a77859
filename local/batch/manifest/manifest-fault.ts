import type { AwsError } from '../../core/aws-error.ts';
import { FAILURE_CODES } from '../unconfirmed.ts';

/** A fault of a manifest that fails the whole job. The message is the FailureReason. */
export class ManifestFault extends Error {
  override readonly name = 'ManifestFault';
  readonly failureCode: string;
  /** Position in the manifest. Only the log has it; S3 does not report it. */
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

/** The manifest could be read, but its content is invalid. */
export const invalidContent = (failureReason: string, where?: string): ManifestFault =>
  new ManifestFault('InvalidManifestContent', failureReason, where);

/** S3 refused to return an object of the manifest. */
export function unreadable({ status, code }: AwsError): ManifestFault {
  const reason =
    status === 403 ? 'Reading the manifest is forbidden' : 'Reading the manifest was not possible';
  return new ManifestFault(FAILURE_CODES.manifestUnreadable, `${reason}: ${code}`);
}
