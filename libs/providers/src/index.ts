export type {
  BodyCall,
  HeaderMap,
  ProviderAdapter,
  ReadError,
  UpstreamCall,
  UpstreamRequest,
} from './provider-adapter.ts';
export { adapterFor, providerAdapters } from './provider-adapters.ts';
export { faultToError } from './errors/fault-to-error.ts';
