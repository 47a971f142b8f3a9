import { Name } from '@canary/contracts';
import { request } from 'node:http'; // planted: pure libs do no I/O
import { spool } from '@canary/usage'; // planted: domain must not import infra, and does not declare it
export const dialects = [Name, request, spool];
