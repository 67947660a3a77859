/** An issuer of JSON Web Tokens, as a JWT authorizer reads it: OpenID configuration and keys. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Issuer {
  url: string;
  /** A token that is valid for ten minutes. */
  token(claims: object): string;
  close(): void;
}

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

export async function startIssuer(tls: { key: string; cert: string }): Promise<Issuer> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const server = createServer(tls, ({ url: path }, response) => {
    const isKeys = path === '/keys';
    const configuration = { issuer: url, jwks_uri: `${url}/keys` };
    const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }];
    response.end(JSON.stringify(isKeys ? { keys } : configuration));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    token(claims) {
      const now = Math.floor(Date.now() / 1000);
      const header = base64url({ alg: 'RS256', kid: 'one', typ: 'JWT' });
      const text = `${header}.${base64url({ iss: url, iat: now, exp: now + 600, ...claims })}`;
      return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
