import { invalidRequest, invalidRequestException } from '../../batch/errors.ts';
import { AwsError } from '../../core/aws-error.ts';
import type { ShapeFault } from '../protocol/fault.ts';

/** Members that the model requires within a job's manifest, and nowhere else. */
const MANIFEST_MEMBERS = ['Spec', 'Location', 'Format', 'ObjectArn', 'ETag'];

const LIST_PARAMETERS = ['jobStatuses', 'nextToken', 'maxResults'];

/** The error that S3 Control answers to a request that does not fit its model. */
export function refuse({ kind, place, member, message, value }: ShapeFault): AwsError {
  if (kind === 'Syntax') {
    return new AwsError(
      'MalformedXML',
      400,
      `The XML is not well-formed or not what is expected: ${message}`,
    );
  }
  if (place === 'query' && LIST_PARAMETERS.includes(member)) return invalidRequestException(message);
  const isOfManifest = kind === 'Missing' && place === 'body' && MANIFEST_MEMBERS.includes(member);
  const field = isOfManifest ? `Manifest.${member}` : member;
  return invalidRequest(field, kind === 'Missing' ? 'is required' : `cannot be ${value}`);
}
