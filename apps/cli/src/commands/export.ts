import { ManifestList, type ManifestKind } from '@penstock/contracts';
import { Argument, type Command } from 'commander';
import { connect } from '../admin/connection.ts';
import type { CliIo } from '../cli-io.ts';
import { readKind } from '../manifests/kind-names.ts';
import type { Format } from '../output/render.ts';
import { withProgress } from '../output/with-progress.ts';

const EXAMPLES = `
Credentials are not exported: applied where they are stored already they stay, elsewhere they have to be filled in.

Examples:
  penstock export > everything.yaml
  penstock export proxies
  penstock export quota small -o json`;

/** `penstock export` */
export function addExportCommand(program: Command, io: CliIo): void {
  program
    .command('export')
    .description('documents as YAML that apply takes, without status and secrets')
    .addArgument(new Argument('[kind]', 'of this kind alone').argParser(readKind))
    .argument('[name]', 'the one of this name')
    .addHelpText('after', EXAMPLES)
    .action(async (kind: ManifestKind | undefined, name: string | undefined, _options: unknown, command: Command) => {
      const { output } = command.optsWithGlobals<{ readonly output: Format }>();
      const request = { path: '/manifests/export', query: { kind, name } };
      const client = connect(command, io);
      const text = await withProgress(
        io,
        'exporting',
        client.text({ ...request, accept: output === 'json' ? 'application/json' : 'application/yaml' }),
      );
      io.out(output === 'json' ? `${JSON.stringify(ManifestList.parse(JSON.parse(text)), null, 2)}\n` : text);
    });
}
