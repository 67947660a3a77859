/** The rows of docs/errors.md, made from the catalogue. */
import { catalogue } from '../functions/core/errors.ts';

export const errorRows = (): string[] =>
  Object.entries(catalogue).map(
    ([code, { status, title, remedy }]) => `| \`${code}\` | ${status} | ${title} | ${remedy} |`,
  );
