import { isIP } from 'node:net';
import { GatewayError } from '@penstock/contracts';
import { namesUsableModel } from '@penstock/routing';
import type { CompiledKey, CompiledProvider, CompiledProxy } from '../config/compiled-config.ts';

const MAPPED_IPV4 = /^::ffff:(?=\d+\.)/i;

/** Checks that a key may use a proxy from an address. Throws GatewayError. */
export function authorizeProxy(key: CompiledKey, proxy: CompiledProxy, address: string): void {
  if (key.teamSuspended) throw new GatewayError('team_suspended', 'The team of this API key is suspended.');
  if (key.addresses !== null && !isListed(key, address)) {
    throw new GatewayError('ip_not_allowed', 'This API key may not be used from this address.');
  }
  const named = proxy.direct ? mayCall(key, proxy.direct) : key.proxies === null || names(key.proxies, proxy);
  if (key.organizationId !== proxy.organizationId || !named) {
    throw new GatewayError('proxy_not_allowed', 'This API key may not use this endpoint.');
  }
}

/** Whether a key opens a provider by itself, without a proxy. */
export function mayCall(key: CompiledKey, provider: Pick<CompiledProvider, 'id' | 'name'>): boolean {
  return key.providers !== null && names(key.providers, provider);
}

function names(set: ReadonlySet<string>, { id, name }: { readonly id: string; readonly name: string }): boolean {
  return set.has(name) || set.has(id);
}

/** Whether a key may use a model, named as it is or with a provider of the proxy before it. */
export function mayUseModel(key: CompiledKey | null, proxy: CompiledProxy, model: string): boolean {
  return key === null || namesUsableModel(key.allowsModel, proxy.routes, model);
}

/** One error for a model that does not exist and one that the key may not use. */
export function modelNotFound(model: string): GatewayError {
  const message = `The model '${model}' does not exist or you do not have access to it.`;
  return new GatewayError('model_not_found', message, { param: 'model' });
}

function isListed(key: CompiledKey, address: string): boolean {
  const plain = address.replace(MAPPED_IPV4, '');
  return key.addresses?.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4') ?? false;
}
