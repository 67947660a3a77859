/** Import this before any handler: it replaces functions/aws/clients.ts with the clients of the simulation. */
import '../support/environment.ts';
import { registerHooks } from 'node:module';

const replacement = new URL('./clients.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context);
    return resolved.url.endsWith('/functions/aws/clients.ts') ? { ...resolved, url: replacement } : resolved;
  },
});
