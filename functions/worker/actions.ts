import type { Declaration } from './action.ts';
import { checkRestored } from './actions/check-restored.ts';
import { copyLarge } from './actions/copy-large.ts';
import { deleteObject } from './actions/delete-object.ts';
import { gunzip } from './actions/gunzip.ts';
import { gzip } from './actions/gzip.ts';
import { mergeTags } from './actions/merge-tags.ts';
import { removeTags } from './actions/remove-tags.ts';
import { setMetadata } from './actions/set-metadata.ts';
import { verifyChecksum } from './actions/verify-checksum.ts';
import { webhook } from './actions/webhook.ts';
import { type ArgumentFault, readUserArguments } from './arguments.ts';
import type { UserArguments } from './contract.ts';

/** Every action of this worker, without its tools. */
export const declaredActions: readonly Declaration[] = [
  checkRestored,
  copyLarge,
  deleteObject,
  gunzip,
  gzip,
  mergeTags,
  removeTags,
  setMetadata,
  verifyChecksum,
  webhook,
];

/** The faults in the user arguments of a job for this worker. With one of them, every task would fail. */
export function argumentFaults(userArguments: UserArguments, enabled: readonly string[]): ArgumentFault[] {
  const found = readUserArguments(userArguments, declaredActions, enabled);
  return 'faults' in found ? found.faults : [];
}
