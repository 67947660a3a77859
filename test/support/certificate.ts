import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** DER: a tag, a length and the content. */
function der(tag: number, ...parts: (Buffer | number[])[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const { length } = content;
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}
const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const oid = (...bytes: number[]) => der(0x06, bytes);
const ECDSA_WITH_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const name = (text: string) =>
  sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(text)))));
const time = (text: string) => der(0x18, Buffer.from(text));

const nameOf = (host: string) =>
  isIPv4(host) ? der(0x87, host.split('.').map(Number)) : der(0x82, Buffer.from(host));

/** subjectAltName, where a client checks the name. */
const extensions = (host: string) =>
  der(
    0xa3,
    sequence(
      sequence(oid(0x55, 0x1d, 0x11), der(0x04, sequence(nameOf(host)))),
      sequence(oid(0x55, 0x1d, 0x13), der(0x04, sequence(der(0x01, [0xff])))),
    ),
  );

function certify(host: string, publicKey: KeyObject, privateKey: KeyObject): Buffer {
  const unsigned = sequence(
    der(0xa0, der(0x02, [2])),
    der(0x02, [1]),
    ECDSA_WITH_SHA256,
    name(host),
    sequence(time('20200101000000Z'), time('21200101000000Z')),
    name(host),
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions(host),
  );
  return sequence(unsigned, ECDSA_WITH_SHA256, der(0x03, [0], sign('sha256', unsigned, privateKey)));
}

/** A new key and a self-signed certificate for the https server of a test. */
export function selfSigned(host: string): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const lines = certify(host, publicKey, privateKey).toString('base64').replaceAll(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}
