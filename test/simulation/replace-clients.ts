/** To be imported before any handler: functions/aws/clients.ts becomes the clients of the simulation. */
import '../support/environment.ts';
import { registerHooks } from 'node:module';

const replacement = new URL('./clients.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context);
    return resolved.url.endsWith('/functions/aws/clients.ts') ? { ...resolved, url: replacement } : resolved;
  },
});
