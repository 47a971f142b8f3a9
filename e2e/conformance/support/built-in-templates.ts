import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { LlmProviderTemplateSpec } from '@penstock/contracts';

const FILE = path.resolve(
  import.meta.dirname,
  '../../../apps/control-plane/src/llm-provider-templates/built-in-templates.ts',
);
const SCRIPT = `
  const { BUILT_IN_TEMPLATES } = await import(process.argv[1]);
  process.stdout.write(JSON.stringify([...BUILT_IN_TEMPLATES]));
`;

/**
 * The templates that come with the release, by name: what the gateway knows of vendors in production. They are the control
 * plane's, and so is the process that tells them.
 */
export async function builtInTemplates(): Promise<ReadonlyMap<string, LlmProviderTemplateSpec>> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', SCRIPT, FILE]);
  const told = JSON.parse(stdout) as [string, unknown][];
  return new Map(told.map(([name, spec]) => [name, LlmProviderTemplateSpec.parse(spec)]));
}
