export type {
  BodyCall,
  HeaderMap,
  ProviderAdapter,
  ReadError,
  UpstreamCall,
  UpstreamRequest,
} from './provider-adapter.ts';
export {
  type AskedOperation,
  chooseDialect,
  CONVERSATIONS,
  type DialectChoice,
  isTranslated,
} from './choose-dialect.ts';
export { ModelProfiles } from './model-profiles.ts';
export { adapterFor, providerAdapters } from './provider-adapters.ts';
export {
  type AskedModel,
  type AskedPath,
  CONVERSATION,
  type PathProvider,
  type UpstreamPath,
  upstreamPathOf,
} from './upstream-path.ts';
export { faultToError } from './errors/fault-to-error.ts';
export { PROXY_OPERATIONS, type ProxyOperation } from './proxy-operations.ts';
