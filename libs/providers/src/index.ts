export type { HeaderMap, ProviderAdapter, ReadError, UpstreamCall, UpstreamRequest } from './provider-adapter.ts';
export { adapterFor, providerAdapters } from './provider-adapters.ts';
