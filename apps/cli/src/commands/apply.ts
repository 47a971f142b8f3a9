import type { Command } from 'commander';
import { connect } from '../admin/connection.ts';
import { usageError } from '../cli-error.ts';
import type { CliIo } from '../cli-io.ts';
import { applyManifests } from '../manifests/apply-manifests.ts';
import { describeResult } from '../manifests/describe-result.ts';
import { readManifestFiles } from '../manifests/read-manifest-files.ts';
import { writeAnswer } from '../output/render.ts';
import { withProgress } from '../output/with-progress.ts';
import { fileOption, managedByOption } from './file-option.ts';

interface ApplyCommandOptions {
  readonly file: readonly string[];
  readonly dryRun?: boolean;
  readonly prune?: boolean;
  readonly managedBy?: string;
}

const EXAMPLES = `
Examples:
  penstock apply -f shop.yaml
  penstock apply -f ./manifests --dry-run
  penstock apply -f ./manifests --managed-by ci --prune
  penstock export | penstock apply -f -

All documents are written, or none. A virtual key that is made shows its secret in this answer, and never again.`;

/** `penstock apply` */
export function addApplyCommand(program: Command, io: CliIo): void {
  program
    .command('apply')
    .description('write documents of any kind, all or none')
    .addOption(fileOption())
    .option('--dry-run', 'tell what would change, and change nothing')
    .addOption(managedByOption())
    .option('--prune', 'delete what has the mark of --managed-by and is not among the documents')
    .addHelpText('after', EXAMPLES)
    .action(async ({ file, dryRun = false, prune = false, managedBy }: ApplyCommandOptions, command: Command) => {
      if (prune && managedBy === undefined)
        throw usageError('--prune needs --managed-by: only what that set made is deleted.');
      const client = connect(command, io);
      const documents = await readManifestFiles(file, io);
      const applied = applyManifests(client, documents, { dryRun, managedBy, prune });
      const value = await withProgress(io, `applying ${documents.length} documents`, applied);
      writeAnswer(command, io, { value, asTable: (result) => describeResult(io, result) });
    });
}
