import { BlockList, isIP } from 'node:net';
import {
  type ExplainedAuthentication,
  type ExplainedError,
  GatewayError,
  type SnapshotProxy,
  type SnapshotTeam,
  type SnapshotVirtualKey,
} from '@penstock/contracts';
import { explainedError } from './explained-error.ts';

/** A key as the database knows it, whether gateways do or not. */
export interface StoredKey {
  readonly id: string;
  readonly name: string;
  readonly teamId: string;
  readonly teamName: string;
  readonly enabled: boolean;
  readonly revokedAt: Date | null;
  /** ISO 8601. */
  readonly expiresAt: string | null;
}

export interface KeyQuestion {
  readonly proxy: SnapshotProxy;
  /** It stands for a provider that is called without a proxy. */
  readonly direct: boolean;
  /** Null: the caller shows none. */
  readonly stored: StoredKey | null;
  /** As gateways know it; undefined: they do not. */
  readonly published: SnapshotVirtualKey | undefined;
  readonly team: SnapshotTeam | undefined;
  readonly address: string | undefined;
  readonly now: number;
}

export interface KeyAnswer {
  readonly told: ExplainedAuthentication;
  readonly error: ExplainedError | null;
  readonly notes: readonly string[];
}

interface Reason {
  readonly text: string;
  readonly error: GatewayError;
}

const NOT_NAMED = 'No virtual key was named: the rest holds for a key that may use this proxy and every model.';
const NO_ADDRESS = 'The key has an IP list: say the address of the caller to check it.';

/** Whether the key may use the proxy. The first reason, in the order in which gateways check, makes the error. */
export function explainKey(question: KeyQuestion): KeyAnswer {
  const { proxy, stored, published, address } = question;
  const required = proxy.authentication !== 'none';
  if (!stored) {
    const told = { required, virtualKey: null, team: null, usable: required ? null : true, reasons: [] };
    return { told, error: null, notes: required ? [NOT_NAMED] : [] };
  }
  const reasons = required ? reasonsAgainst(question, stored) : [];
  const [first] = reasons;
  const needsAddress = required && address === undefined && (published?.ipAllowList.length ?? 0) > 0;
  const told = { required, virtualKey: stored.name, team: stored.teamName, usable: !first };
  return {
    told: { ...told, reasons: reasons.map(({ text }) => text) },
    error: first ? explainedError(first.error) : null,
    notes: needsAddress ? [NO_ADDRESS] : [],
  };
}

function reasonsAgainst(question: KeyQuestion, stored: StoredKey): readonly Reason[] {
  const { published, now } = question;
  return published ? accessReasons(question, published) : [unknownReason(stored, now)];
}

/** Why a key is not among those that gateways know. */
function unknownReason({ enabled, revokedAt, expiresAt }: StoredKey, now: number): Reason {
  // OpenAI's own words, as gateways say them.
  const error = new GatewayError('invalid_api_key', 'Incorrect API key provided.');
  if (revokedAt) return { text: `the key was revoked at ${revokedAt.toISOString()}`, error };
  if (!enabled) return { text: 'the key is disabled', error };
  if (expiresAt !== null && Date.parse(expiresAt) <= now) return { text: `the key expired at ${expiresAt}`, error };
  return { text: 'the key has no secret that still works', error };
}

function accessReasons({ proxy, direct, team, address }: KeyQuestion, key: SnapshotVirtualKey): readonly Reason[] {
  const reasons: Reason[] = [];
  if (team?.suspended) {
    const error = new GatewayError('team_suspended', 'The team of this API key is suspended.');
    reasons.push({ text: `the team '${team.name}' is suspended`, error });
  }
  if (address !== undefined && !isListed(key.ipAllowList, address)) {
    const error = new GatewayError('ip_not_allowed', 'This API key may not be used from this address.');
    reasons.push({ text: `${address} is not in its IP list (${key.ipAllowList.join(', ')})`, error });
  }
  const opened = direct ? (key.providers ?? []) : key.proxies;
  const names = direct ? [proxy.name, proxy.id] : ['*', proxy.name, proxy.id];
  if (!names.some((name) => opened.includes(name))) {
    const error = new GatewayError('proxy_not_allowed', 'This API key may not use this endpoint.');
    const what = direct ? 'is not one of the provider' : `may use ${opened.join(', ')}, and not`;
    reasons.push({ text: `the key ${what} '${proxy.name}'`, error });
  }
  return reasons;
}

function isListed(ranges: readonly string[], address: string): boolean {
  if (ranges.length === 0) return true;
  const list = new BlockList();
  for (const range of ranges) {
    const [base = '', prefix] = range.split('/');
    if (prefix === undefined) list.addAddress(base, familyOf(base));
    else list.addSubnet(base, Number(prefix), familyOf(base));
  }
  return list.check(address, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
