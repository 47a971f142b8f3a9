import { pathSegment } from '../http/path-segment.ts';
import type { UpstreamCall } from '../provider-adapter.ts';
import { openAiPath } from '../openai/request-path.ts';

/** Where a dated version of the API is asked for that has no deployment of its own in the path. */
const DATED = /^\d{4}-\d{2}-\d{2}/;
const DEPLOYMENT = /\/openai\/deployments\/[^/]+$/;
/** The newest dated version that is generally available; for a base URL that names a deployment and a provider that names no version. */
const DATED_DEFAULT = '2024-10-21';

/**
 * The path of a request. Without a version, or with a word such as `preview`, Azure's v1 API is asked, which is OpenAI's; with
 * a dated version the deployment stands in the path (research/translation.md §6.4). `prefix`: the path of the base URL.
 */
export function azurePath(prefix: string, call: UpstreamCall): string {
  const { apiVersion } = call;
  if (DEPLOYMENT.test(prefix))
    return withVersion(prefix + openAiPath(call.operation, call.dialect), apiVersion ?? DATED_DEFAULT);
  if (apiVersion === null || !DATED.test(apiVersion)) {
    return withVersion(v1Prefix(prefix) + openAiPath(call.operation, call.dialect), apiVersion);
  }
  return withVersion(prefix.replace(/\/openai(\/v1)?$/, '') + datedPath(call), apiVersion);
}

function v1Prefix(prefix: string): string {
  if (prefix.endsWith('/openai/v1')) return prefix;
  return prefix.endsWith('/openai') ? `${prefix}/v1` : `${prefix}/openai/v1`;
}

/** Only these operations belong to a deployment; the others name it in their body. */
function datedPath(call: UpstreamCall): string {
  const path = openAiPath(call.operation, call.dialect);
  const ofDeployment = path === '/chat/completions' || path === '/completions' || path === '/embeddings';
  return ofDeployment ? `/openai/deployments/${pathSegment(call.upstreamModel)}${path}` : `/openai${path}`;
}

function withVersion(path: string, version: string | null): string {
  return version === null ? path : `${path}?api-version=${encodeURIComponent(version)}`;
}
