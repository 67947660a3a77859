import type { Run } from '../command.ts';
import { templates } from '../commands.ts';
import { exitCodes, usageError } from '../exit-codes.ts';

/** template: a complete body to edit, for `jobs create -f`. */
export const run: Run = async ({ input, terminal }) => {
  const [operation = ''] = input.positionals;
  const body = templates[operation];
  if (!body)
    throw usageError(`${operation} is no operation: use one of ${Object.keys(templates).join(', ')}`);
  terminal.print(JSON.stringify({ ...body, Priority: 10, ConfirmationRequired: true }, null, 2));
  return exitCodes.done;
};
