import { logWatch } from './log-watch.js';

// In every test file, after its own clean-up: what its gateways logged holds none of the secrets that they were given.
afterAll(() => {
  expect(logWatch.leaks()).toEqual([]);
});
