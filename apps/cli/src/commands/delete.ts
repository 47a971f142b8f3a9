import type { ManifestKind } from '@penstock/contracts';
import type { Command } from 'commander';
import { connect } from '../admin/connection.ts';
import { usageError } from '../cli-error.ts';
import type { CliIo } from '../cli-io.ts';
import { pathOf } from '../manifests/kind-names.ts';
import { writeAnswer } from '../output/render.ts';
import { kindArgument } from './kind-argument.ts';

const EXAMPLES = `
What others still refer to is not deleted; the refusal names them.

Examples:
  penstock delete proxy shop
  penstock delete virtual-key app-1`;

/** `penstock delete` */
export function addDeleteCommand(program: Command, io: CliIo): void {
  program
    .command('delete')
    .description('delete one document')
    .addArgument(kindArgument())
    .argument('<name>')
    .addHelpText('after', EXAMPLES)
    .action(async (kind: ManifestKind, name: string, _options: unknown, command: Command) => {
      if (kind === 'Organization') throw usageError('An organization cannot be deleted.');
      await connect(command, io).text({ method: 'DELETE', path: `${pathOf(kind)}/${encodeURIComponent(name)}` });
      writeAnswer(command, io, {
        value: { kind, name, result: 'deleted' },
        asTable: () => `${kind} ${name} deleted\n`,
      });
    });
}
