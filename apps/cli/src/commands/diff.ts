import type { Command } from 'commander';
import { connect } from '../admin/connection.ts';
import { CliError, EXIT, usageError } from '../cli-error.ts';
import type { CliIo } from '../cli-io.ts';
import { applyManifests } from '../manifests/apply-manifests.ts';
import { describeResult } from '../manifests/describe-result.ts';
import { readManifestFiles } from '../manifests/read-manifest-files.ts';
import { writeAnswer } from '../output/render.ts';
import { withProgress } from '../output/with-progress.ts';
import { fileOption, managedByOption } from './file-option.ts';

interface DiffOptions {
  readonly file: readonly string[];
  readonly managedBy?: string;
  readonly prune?: boolean;
}

const EXAMPLES = `
Ends with 0 when nothing differs, 3 when something does, 1 when apply would be refused.

Examples:
  penstock diff -f shop.yaml
  penstock diff -f ./manifests --managed-by ci --prune || echo drifted`;

/** `penstock diff` */
export function addDiffCommand(program: Command, io: CliIo): void {
  program
    .command('diff')
    .description('tell what apply would change, field by field')
    .addOption(fileOption())
    .addOption(managedByOption())
    .option('--prune', 'count what apply --prune would delete as a difference')
    .addHelpText('after', EXAMPLES)
    .action(async ({ file, managedBy, prune = false }: DiffOptions, command: Command) => {
      if (prune && managedBy === undefined) throw usageError('--prune needs --managed-by.');
      const client = connect(command, io);
      const documents = await readManifestFiles(file, io);
      const asked = applyManifests(client, documents, { dryRun: true, managedBy, prune });
      const value = await withProgress(io, `comparing ${documents.length} documents`, asked);
      writeAnswer(command, io, { value, asTable: (result) => describeResult(io, result) });
      const differing = value.items.filter(({ result }) => result !== 'unchanged').length;
      if (differing > 0) throw new CliError(`${differing} of ${value.items.length} documents differ.`, EXIT.drift);
    });
}
