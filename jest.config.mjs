export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': '<rootDir>/test/strip-types.mjs',
    '/assets/': '<rootDir>/test/load-text.mjs',
  },
  // More than processors: most tests wait for programs of their own, or for a time-out. Jest's default would leave one
  // processor idle.
  maxWorkers: '150%',
  testTimeout: 60_000,
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
};
