import type { Clock } from '../../core/clock.ts';
import type { Envelope } from './envelope.ts';

/** One message for one subscription whose filter it passes. */
export interface Delivery {
  envelope: Envelope;
  subscriptionArn: string;
  protocol: string;
  endpoint: string;
  isRaw: boolean;
}

export interface DeliveryOptions {
  clock: Clock;
  /** Ends retries and deliveries in progress. */
  signal: AbortSignal;
  log: (line: string) => void;
}

/** Control characters, except line ends, could change the terminal. */
const printable = (text: string) => text.replace(/[^\P{Cc}\n]/gu, ' ');

/** What SNS would send to an e-mail address or a phone number; undefined for other protocols. */
export function printedMail({
  protocol,
  endpoint,
  envelope,
}: Pick<Delivery, 'protocol' | 'endpoint' | 'envelope'>): string | undefined {
  const { Subject = 'AWS Notification Message', Message } = envelope;
  if (protocol === 'sms') return printable(`SMS to ${endpoint}, not sent: ${Message}`);
  if (protocol === 'email') return printable(`e-mail to ${endpoint}, not sent: ${Subject}\n${Message}`);
  if (protocol === 'email-json')
    return printable(`e-mail to ${endpoint}, not sent: ${Subject}\n${JSON.stringify(envelope, null, 2)}`);
  return undefined;
}
