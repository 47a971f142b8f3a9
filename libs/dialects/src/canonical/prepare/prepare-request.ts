import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext, PreparedRequest } from '../prepare-context.ts';
import { dropEmptyParts } from './drop-empty-parts.ts';
import { dropForeignSignatures } from './drop-foreign-signatures.ts';
import { fitArguments } from './fit-arguments.ts';
import { fitCacheMarks } from './fit-cache-marks.ts';
import { fitCallIds } from './fit-call-ids.ts';
import { fitChoices } from './fit-choices.ts';
import { fitEndUser } from './fit-end-user.ts';
import { fitForcedChoice } from './fit-forced-choice.ts';
import { fitMaxTokens } from './fit-max-tokens.ts';
import { fitMedia } from './fit-media.ts';
import { fitOutput } from './fit-output.ts';
import { fitPrefill } from './fit-prefill.ts';
import { fitReasoning } from './fit-reasoning.ts';
import { fitSampling } from './fit-sampling.ts';
import { fitSchemas } from './fit-schemas.ts';
import { fitServiceTier } from './fit-service-tier.ts';
import { fitStop } from './fit-stop.ts';
import { fitSystem } from './fit-system.ts';
import { fitToolChoice } from './fit-tool-choice.ts';
import { gateExtra } from './gate-extra.ts';
import { gateParameters } from './gate-parameters.ts';
import { mergeTurns } from './merge-turns.ts';
import { moveResultMedia } from './move-result-media.ts';
import type { PrepareStep } from './prepare-step.ts';
import { renameTools } from './rename-tools.ts';
import { renderOpaqueParts } from './render-opaque-parts.ts';
import { repairToolPairs } from './repair-tool-pairs.ts';
import { selectTools } from './select-tools.ts';
import { signFirstCalls } from './sign-first-calls.ts';
import { startWithUser } from './start-with-user.ts';
import { stripAttribution } from './strip-attribution.ts';
import { wrapCustomTools } from './wrap-custom-tools.ts';

/** What the model cannot take at all is refused or left out, before anything is built upon it. */
const GATES: readonly PrepareStep[] = [gateExtra, gateParameters, fitChoices, selectTools];

/** The conversation, in which calls and results come in pairs once it is done. */
const CONVERSATION: readonly PrepareStep[] = [
  dropForeignSignatures,
  renderOpaqueParts,
  fitMedia,
  stripAttribution,
  dropEmptyParts,
  mergeTurns,
  repairToolPairs,
];

/** What follows from the names of the tools, and the order of the turns. */
const TURNS: readonly PrepareStep[] = [
  wrapCustomTools,
  fitCallIds,
  fitArguments,
  moveResultMedia,
  fitSystem,
  mergeTurns,
  fitPrefill,
  startWithUser,
  signFirstCalls,
];

/** Parameters, of which thinking decides over the others. */
const PARAMETERS: readonly PrepareStep[] = [
  fitToolChoice,
  fitForcedChoice,
  fitReasoning,
  fitSampling,
  fitMaxTokens,
  fitStop,
  fitServiceTier,
  fitEndUser,
  fitCacheMarks,
  fitSchemas,
];

/**
 * Fits a caller's request to the model that will serve it, so that the encoder of its dialect can write it as it is. What gets
 * lost is reported to `context.warnings` by the caller's own names; what would change the request's meaning throws a
 * `GatewayError` (`unsupported_parameter`, `unsupported_content`; on a strict proxy also `invalid_request`) with `param`. Pure but
 * for the warnings: the request stays as it is, and preparing what was prepared changes nothing.
 */
export function prepareRequest(request: CanonicalRequest, context: PrepareContext): PreparedRequest {
  const repaired = run([...GATES, ...CONVERSATION], request, context);
  const renamed = renameTools(repaired, context);
  const { request: shaped, outputTool } = fitOutput(renamed.request, context);
  return {
    request: run([...TURNS, ...PARAMETERS], shaped, context),
    renamedTools: renamed.renamedTools,
    ...(outputTool !== undefined && { outputTool }),
  };
}

function run(steps: readonly PrepareStep[], request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  return steps.reduce((fitted, step) => step(fitted, context), request);
}
