import { LuaScript } from './lua-script.ts';

/** The scripts that read and change limits in Redis. */
export const limitScripts = {
  reserve: new LuaScript('reserve'),
  settle: new LuaScript('settle'),
  withdraw: new LuaScript('withdraw'),
  renew: new LuaScript('renew'),
  status: new LuaScript('status'),
  ledger: new LuaScript('ledger'),
  raise: new LuaScript('raise'),
} as const;
