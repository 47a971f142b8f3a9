import { readFile } from 'node:fs/promises';
import { ProxyContext, ResourceName } from '@penstock/contracts';
import { type Command, InvalidArgumentError } from 'commander';
import { parse, stringify } from 'yaml';
import type { z } from 'zod';
import { CliError } from '../cli-error.ts';
import type { CliIo } from '../cli-io.ts';
import { convertLitellm } from '../import/litellm/convert-litellm.ts';
import type { Format } from '../output/render.ts';

interface LitellmOptions {
  readonly proxy: string;
  readonly context: string;
  readonly withSecrets?: boolean;
}

const EXAMPLES = `
Prints manifests to standard output, and what could not be converted to standard error. Credentials become references to variables
PENSTOCK_SECRET_... of the control plane; no credential is printed unless --with-secrets says so.

Examples:
  penstock import litellm config.yaml > penstock.yaml
  penstock import litellm config.yaml --context /litellm | penstock validate -f -`;

/** `penstock import litellm` */
export function addImportCommand(program: Command, io: CliIo): void {
  const group = program.command('import').description("manifests from another gateway's configuration");
  group
    .command('litellm')
    .description('manifests for the config.yaml of a LiteLLM proxy')
    .argument('<file>', "the config, or '-' for standard input")
    .option('--proxy <name>', 'name of the proxy that is made', reader(ResourceName), 'litellm')
    .option('--context <path>', 'where the proxy answers', reader(ProxyContext), '/')
    .option('--with-secrets', 'print credentials in plain text, those of os.environ/X taken from this environment')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, { proxy, context, withSecrets = false }: LitellmOptions, command: Command) => {
      const config = parseConfig(file, file === '-' ? await io.readInput() : await read(file));
      const { manifests, warnings } = convertLitellm(config, { proxy, context, withSecrets, env: io.env });
      const { output } = command.optsWithGlobals<{ readonly output: Format }>();
      const documents = manifests.map((manifest) => ({ apiVersion: 'penstock.dev/v1', ...manifest }));
      io.out(
        output === 'json'
          ? `${JSON.stringify({ items: documents }, null, 2)}\n`
          : documents
              .map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }))
              .join('---\n'),
      );
      for (const warning of warnings) io.say(`warning: ${warning}\n`);
    });
}

function parseConfig(file: string, text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch (error) {
    // The rest of the message quotes lines, which may hold credentials.
    const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : '';
    throw new CliError(`${file} is not valid YAML: ${reason}`);
  }
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliError(`${file} cannot be read: ${error.code ?? error.message}.`);
  });
}

function reader(schema: z.ZodType<string>): (text: string) => string {
  return (text) => {
    const result = schema.safeParse(text);
    if (result.success) return result.data;
    throw new InvalidArgumentError(`It ${result.error.issues[0]?.message ?? 'is not allowed'}.`);
  };
}
