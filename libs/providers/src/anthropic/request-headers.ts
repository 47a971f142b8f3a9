import type { UpstreamCall } from '../provider-adapter.ts';

const VERSION = /^\d{4}-\d{2}-\d{2}$/;
const BETA = /^[A-Za-z0-9._-]{1,128}$/;
/** They say how the caller itself has logged in, which is no affair of the account that is used. */
const ABOUT_THE_LOGIN = /^oauth-/;
const MAX_BETAS = 50;

/**
 * `anthropic-version` and `anthropic-beta`. A request that passes through keeps the version for which it was written, and
 * its betas beside those of the profile.
 */
export function anthropicHeaders({ clientHeaders, apiVersion, profile }: UpstreamCall): string[] {
  const asked = clientHeaders['anthropic-version'] ?? apiVersion ?? '';
  const headers = ['anthropic-version', VERSION.test(asked) ? asked : profile.anthropicVersion];
  const betas = new Set(profile.anthropicBetas);
  for (const beta of (clientHeaders['anthropic-beta'] ?? '').split(',')) {
    const name = beta.trim();
    if (BETA.test(name) && !ABOUT_THE_LOGIN.test(name) && betas.size < MAX_BETAS) betas.add(name);
  }
  if (betas.size > 0) headers.push('anthropic-beta', [...betas].join(','));
  return headers;
}
