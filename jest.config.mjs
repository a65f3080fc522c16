import { availableParallelism } from 'node:os';

export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': '<rootDir>/test/strip-types.mjs',
    '/assets/': '<rootDir>/test/load-text.mjs',
  },
  // More than processors: most tests wait for programs of their own, or for a time-out. A percentage above 100 would be
  // taken for a number.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  // Modules of tests that are done stay in memory: a worker would grow to a gigabyte, and be slow to start processes from.
  workerIdleMemoryLimit: '250MB',
  testTimeout: 60_000,
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
};
