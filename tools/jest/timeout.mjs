import { jest } from '@jest/globals';

// Jest takes `testTimeout` from the root of its configuration only; a project says its own as a global.
jest.setTimeout(globalThis.testTimeoutMs);
