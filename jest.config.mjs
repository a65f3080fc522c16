export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': '<rootDir>/test/strip-types.mjs',
    '/assets/': '<rootDir>/test/load-text.mjs',
  },
  // One for each processor: most tests wait for programs of their own. Jest's default would leave one idle.
  maxWorkers: '100%',
  testTimeout: 60_000,
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
};
