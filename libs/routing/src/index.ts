export { type ListedModel, listModels } from './list-models.ts';
export { compileModelFilter } from './model-filter.ts';
export { compileRoutes, type ProxyRoutes, type RouteProvider, type RouteTarget, targetAt } from './proxy-routes.ts';
export { selectTargets, type TargetChoice } from './select-targets.ts';
