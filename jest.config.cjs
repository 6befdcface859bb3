// Nest 12 ships ES modules only; SWC turns them, and our own TypeScript, into CommonJS for Jest.
const swc = require('./test/support/swc-options.cjs');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  // Jest would leave one core idle, half of a small machine.
  maxWorkers: '100%',
  // Real servers and databases on a busy machine; a test that hangs is still found.
  testTimeout: 60_000,
  roots: ['<rootDir>/src', '<rootDir>/test', '<rootDir>/chaos'],
  testMatch: ['**/*.spec.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': ['@swc/jest', swc],
    '^.+\\.m?js$': ['@swc/jest', { ...swc, jsc: { ...swc.jsc, parser: { syntax: 'ecmascript' } } }],
  },
  transformIgnorePatterns: [],
  coverageProvider: 'v8',
  setupFilesAfterEnv: ['<rootDir>/test/support/watch-logs.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
};
