/** The rows of docs/dry-run.md, made from the catalogue of findings. */
import { findingCatalogue } from '../functions/domain/checks/findings.ts';

export const findingRows = (): string[] =>
  Object.entries(findingCatalogue).map(
    ([code, [severity, meaning, remedy]]) => `| \`${code}\` | ${severity} | ${meaning} | ${remedy} |`,
  );
