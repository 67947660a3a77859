/**
 * fast-check as every test gets it (moduleNameMapper of jest.config.js): with one seed, so that two runs of the same
 * code test the same cases. PROPERTY_SEED=N chooses another seed; `.ci/full` draws one.
 */
import fc from '../../node_modules/fast-check/lib/fast-check.js';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['PROPERTY_SEED'] ?? 1) });

export * from '../../node_modules/fast-check/lib/fast-check.js';
// biome-ignore lint/style/noDefaultExport: as fast-check exports it
export default fc;
