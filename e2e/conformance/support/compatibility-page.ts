import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Caller, callerNames } from './caller.ts';
import { type FeatureName, featureNames, features } from './feature.ts';
import type { CellResult, Result } from './matrix.ts';
import { routeOf, type Upstream, upstreams } from './upstream.ts';

const FILE = path.resolve(import.meta.dirname, '../../../docs/compatibility.md');

/** The page as it is committed; empty when there is none. */
export function readPage(): string {
  try {
    return readFileSync(FILE, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

export function writePage(text: string): void {
  writeFileSync(FILE, text);
}

/** The page that the results make: the same for the same results, in whatever order they came. */
export function renderPage(results: readonly CellResult[]): string {
  const callers = callerNames.flatMap((name) => results.find(({ caller }) => caller.name === name)?.caller ?? []);
  return `${[HEAD, renderFeatures(), renderUpstreams(), ...callers.map((caller) => renderCaller(caller, results))].join('\n\n')}\n`;
}

const HEAD = `# Compatibility

Which API a caller may speak, which vendor may answer, and what works between the two. This page is written by
\`e2e/conformance/conformance.e2e-spec.ts\`, which tries every cell through a running gateway: it asks with the vendors' official
clients, and the answers come from simulated vendors that check every request against the vendor's published types and rules. In
CI the test fails when the page says anything else. Do not edit it: run \`npm run jest -- --selectProjects e2e e2e/conformance\`.

- **✓** works, with text, tool calls, reason of the ending and tokens exactly as the vendor sent them.
- **refused** is answered with this status and code, and nothing of it is done half.
- **not offered** is not part of the caller's API.`;

function renderFeatures(): string {
  const rows = featureNames.map((name) => [features[name].title, features[name].meaning]);
  return ['## What is tried', table(['feature', 'what has to hold'], rows)].join('\n\n');
}

function renderUpstreams(): string {
  const rows = upstreams.map((upstream) => [upstream.title, familyOf(upstream)]);
  return ['## Who is asked', table(['provider', 'with the rules of'], rows)].join('\n\n');
}

function familyOf({ route }: Upstream): string {
  return route.family === '' ? 'any model' : `\`${route.family.replace(/-$/, '')}\``;
}

function renderCaller(caller: Caller, results: readonly CellResult[]): string {
  const rows = upstreams.map((upstream) => [
    upstream.title + familyNote(upstream, caller),
    ...featureNames.map((feature) => renderCell(find(results, caller, upstream, feature))),
  ]);
  const heading = `## ${caller.title}\n\n\`${caller.path}\`, asked with \`${caller.client}\`.`;
  return [heading, table(['provider', ...featureNames.map((name) => features[name].title)], rows)].join('\n\n');
}

/** Where a caller's API is served by other models than the rest. */
function familyNote(upstream: Upstream, caller: Caller): string {
  const { family } = routeOf(upstream, caller.name);
  return family === upstream.route.family || family === '' ? '' : ` (\`${family.replace(/-$/, '')}\`)`;
}

function find(
  results: readonly CellResult[],
  caller: Caller,
  upstream: Upstream,
  feature: FeatureName,
): Result | undefined {
  return results.find(
    (one) => one.caller.name === caller.name && one.upstream.name === upstream.name && one.feature === feature,
  )?.result;
}

function renderCell(result: Result | undefined): string {
  if (!result || result.kind === 'failed') throw new Error('a cell without a result cannot be documented');
  if (result.kind === 'refused') return `refused (${result.status} \`${result.code}\`)`;
  return result.kind === 'works' ? '✓' : 'not offered';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
