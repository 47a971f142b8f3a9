export { compileHeaderChoice, type HeaderRouting } from './header-choice.ts';
export { type ListedModel, listModels } from './list-models.ts';
export { compileModelFilter, namesUsableModel } from './model-filter.ts';
export { compileModelRules, type ModelRule } from './model-rules.ts';
export { compileRoutes, type ProxyRoutes, type RouteProvider, type RouteTarget, targetAt } from './proxy-routes.ts';
export {
  type ResolvedTargets,
  resolveTargets,
  selectTargets,
  type TargetChoice,
  type TargetRule,
} from './select-targets.ts';
export { compileTranslation, type TargetsSoFar, type TranslationRoute } from './translation-route.ts';
