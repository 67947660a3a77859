/** Makes every connection to another machine fail, and every AWS client without an endpoint of its own reach nothing. */
import { Socket } from 'node:net';

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d+){3}|::1|::ffff:127(\.\d+){3})$/i;
/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9';
const GUARDED = Symbol.for('bucket-brigade.loopback-only');

interface Target {
  host?: string;
  path?: string;
}

/** The arguments of `connect`: (options), (path), (port, host), or the same as one list. */
function targetOf([first, second]: readonly unknown[]): Target {
  if (Array.isArray(first)) return targetOf(first);
  if (typeof first === 'object' && first !== null) return first as Target;
  if (typeof first === 'string' && !/^\d+$/.test(first)) return { path: first };
  return typeof second === 'string' ? { host: second } : {};
}

/** Options with which a connection fails as if the host had no address. */
const refusal = (host: string) => ({
  host: 'elsewhere.invalid',
  port: 9,
  lookup: (_name: string, _options: object, done: (error: Error) => void) =>
    done(new Error(`tests may not connect to ${host}, only to this machine`)),
});

export function allowLoopbackOnly(): void {
  process.env['AWS_ENDPOINT_URL'] = NOWHERE;
  const prototype = Socket.prototype as Socket & { [GUARDED]?: true };
  if (prototype[GUARDED]) return; // test files share a process
  prototype[GUARDED] = true;
  const { connect } = prototype;
  prototype.connect = function (this: Socket, ...args: unknown[]) {
    const { path, host = 'localhost' } = targetOf(args);
    const isAllowed = path !== undefined || LOOPBACK.test(host);
    return Reflect.apply(connect, this, isAllowed ? args : [refusal(host)]);
  };
}
