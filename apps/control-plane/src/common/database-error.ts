import { Prisma } from '../prisma/generated/client.ts';
import { AdminError } from './admin-error.ts';

const UNREACHABLE = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028']);
const UNREACHABLE_SYSTEM = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', '57P01', '57P03']);

/** The refusal that a database error stands for; undefined when it is none, or a fault of ours. */
export function readDatabaseError(thrown: unknown): AdminError | undefined {
  if (!(thrown instanceof Prisma.PrismaClientKnownRequestError)) return readConnectionError(thrown);
  if (UNREACHABLE.has(thrown.code)) return unavailable(thrown);
  switch (thrown.code) {
    case 'P2002':
      return new AdminError('conflict', 'Something with this name or path exists already.', { cause: thrown });
    case 'P2003':
    case 'P2014':
      return new AdminError('still_referenced', 'It is still referenced, or refers to what does not exist.', {
        cause: thrown,
      });
    case 'P2025':
      return new AdminError('not_found', 'There is nothing here.', { cause: thrown });
    case 'P2000':
    case 'P2020':
      return new AdminError('invalid', 'A value is too long or out of range.', { cause: thrown });
    default:
      return readConnectionError(thrown);
  }
}

function readConnectionError(thrown: unknown): AdminError | undefined {
  if (thrown instanceof Prisma.PrismaClientInitializationError) return unavailable(thrown);
  if (!(thrown instanceof Error)) return undefined;
  if ('code' in thrown && typeof thrown.code === 'string' && UNREACHABLE_SYSTEM.has(thrown.code))
    return unavailable(thrown);
  if (/timeout exceeded when trying to connect|Connection terminated/.test(thrown.message)) return unavailable(thrown);
  return undefined;
}

function unavailable(cause: unknown): AdminError {
  return new AdminError('unavailable', 'The database cannot be reached; try again.', { cause, retryAfterSeconds: 2 });
}
