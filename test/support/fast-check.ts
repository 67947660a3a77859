/**
 * fast-check as every test gets it (moduleNameMapper of jest.config.js): with one seed, so that two runs of the same
 * code test the same cases. PROPERTY_SEED=N chooses another seed; `.ci/full` draws one.
 */
import fc from '../../node_modules/fast-check/lib/fast-check.js';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['PROPERTY_SEED'] ?? 1) });

/** The unit `binary` with the same draws. fast-check's own lists all 1,112,064 characters first, for one second. */
const character = fc.nat({ max: 0x10ffff - 0x800 }).map(
  (n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800),
  (text) => {
    const point = (text as string).codePointAt(0) ?? 0;
    return point < 0xd800 ? point : point - 0x800;
  },
);
const string: typeof fc.string = (constraints = {}) =>
  fc.string(constraints.unit === 'binary' ? { ...constraints, unit: character } : constraints);

export * from '../../node_modules/fast-check/lib/fast-check.js';
// biome-ignore lint/style/noDefaultExport: as fast-check exports it
export default { ...fc, string };
