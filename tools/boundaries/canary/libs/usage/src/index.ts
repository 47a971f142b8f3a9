import type { Redis } from 'ioredis';
import { Name } from '@canary/contracts/src/index.ts'; // planted: deep import
import { clock } from '@canary/testing'; // planted: testing outside of tests, undeclared
import { inner } from '../../dialects/src/inner/index.ts'; // planted: leaves its package
export const spool = (redis: Redis) => [redis, Name, clock, inner];
