import { z } from 'zod';
import { Redis } from 'ioredis'; // planted: contracts imports only zod, and does not declare this
import { readFileSync } from 'node:fs'; // planted: contracts imports only zod
export const Name = z.string();
export const nothing = [Redis, readFileSync];
