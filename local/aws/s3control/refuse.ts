import { invalidRequest, invalidRequestException } from '../../batch/errors.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { ShapeFault } from '../protocol/fault.ts';

/** Members that the model requires in a job's manifest only. */
const MANIFEST_MEMBERS = ['Spec', 'Location', 'Format', 'ObjectArn', 'ETag'];

const LIST_PARAMETERS = ['jobStatuses', 'nextToken', 'maxResults'];

/** S3 Control's error for a request that does not fit its model. */
export function refuse({ kind, location, member, message, value }: ShapeFault): AwsError {
  if (kind === 'Syntax') {
    return new AwsError(
      'MalformedXML',
      400,
      `The XML is not well-formed or not what is expected: ${message}`,
    );
  }
  if (location === 'query' && LIST_PARAMETERS.includes(member)) return invalidRequestException(message);
  const isOfManifest = kind === 'Missing' && location === 'body' && MANIFEST_MEMBERS.includes(member);
  const field = isOfManifest ? `Manifest.${member}` : member;
  return invalidRequest(field, kind === 'Missing' ? 'is required' : `cannot be ${value}`);
}
