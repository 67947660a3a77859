// Jest transformer: TypeScript to ESM with esbuild, one file at a time, types stripped and not checked.
import { createHash } from 'node:crypto';
import { transformSync, version } from 'esbuild';

export default {
  getCacheKey: (source, file) =>
    createHash('sha256').update(version).update(file).update(source).digest('hex'),
  process(source, file) {
    const { code, map } = transformSync(source, {
      loader: 'ts',
      format: 'esm',
      target: 'node24',
      sourcemap: 'external',
      sourcefile: file,
    });
    return { code, map };
  },
};
