import { FAST_GLOBALS } from './tools/esbuild-transformer.mjs';

export default {
  maxWorkers: '100%', // the default leaves a core idle
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // The others: npm run test:processes, npm run test:browser
  testPathIgnorePatterns: ['/node_modules/', '\\.process\\.test\\.ts$', '/test/browser/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'mjs', 'js', 'json', 'node'],
  moduleNameMapper: { '^fast-check$': '<rootDir>/test/support/fast-check.ts' },
  transform: { '\\.ts$': './tools/esbuild-transformer.mjs' },
  sandboxInjectedGlobals: FAST_GLOBALS,
  setupFiles: ['./test/support/environment.ts'],
  testTimeout: 60_000, // a hung test ends; nothing is measured by it
  coverageProvider: 'v8',
};
