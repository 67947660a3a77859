import { AwsError } from '../core/aws-error.ts';
import type { EffectOf, FaultService } from './fault.ts';

/** The errors of a service for throttling, an internal error and unavailability. */
interface ServiceErrors {
  throttle: () => AwsError;
  500: () => AwsError;
  503: () => AwsError;
}

const error = (code: string, status: number, message: string) => () => new AwsError(code, status, message);

const UNAVAILABLE = error('ServiceUnavailable', 503, 'Service is unable to handle request.');

const S3: ServiceErrors = {
  throttle: error('SlowDown', 503, 'Please reduce your request rate.'),
  500: error('InternalError', 500, 'We encountered an internal error. Please try again.'),
  503: UNAVAILABLE,
};

const RATE_EXCEEDED = error('ThrottlingException', 400, 'Rate exceeded');

const errors: Record<FaultService, ServiceErrors> = {
  s3: S3,
  s3control: S3,
  batch: S3,
  states: {
    throttle: RATE_EXCEEDED,
    500: error('InternalFailure', 500, 'The request processing has failed.'),
    503: UNAVAILABLE,
  },
  sns: {
    throttle: RATE_EXCEEDED,
    500: error('InternalError', 500, 'The request processing has failed.'),
    503: UNAVAILABLE,
  },
  lambda: {
    throttle: error('TooManyRequestsException', 429, 'Rate Exceeded.'),
    500: error('ServiceException', 500, 'The Lambda service encountered an internal error.'),
    503: error('ServiceException', 503, 'The Lambda service is not available.'),
  },
};

/** The error of the effect, by default with the service's own code and message. */
export function errorOf(service: FaultService, effect: EffectOf<'throttle' | 'error'>): AwsError {
  if (effect.type === 'throttle') return errors[service].throttle();
  const { status = 500, message } = effect;
  const known = errors[service][status === 503 ? 503 : 500]();
  const code = effect.code ?? known.code;
  return new AwsError(
    code,
    status,
    message ?? (effect.code ? `${code}: injected by a fault of the local stack` : known.message),
  );
}
