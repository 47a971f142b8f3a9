import type { Redis } from 'ioredis';
import { Name } from '@canary/contracts/src/index.ts'; // planted: deep import
import { clock } from '@canary/testing'; // planted: testing outside of tests, undeclared
import { inner } from '../../dialects/src/inner/index.ts'; // planted: leaves its package
import { fixture } from './testing/fixture.ts'; // planted: what tests share
export const spool = (redis: Redis) => [redis, Name, clock, inner, fixture];
