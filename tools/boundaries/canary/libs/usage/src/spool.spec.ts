import { expect } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { clock } from '@canary/testing';
import { spool } from './index.ts';
expect([readFileSync, clock, spool]).toBeDefined(); // allowed: tests use libs/testing, built-ins and the root's packages
