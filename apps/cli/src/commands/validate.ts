import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import type { CliIo } from '../cli-io.ts';
import { readManifestFiles } from '../manifests/read-manifest-files.ts';
import { describeManifestFault, validateManifests } from '../manifests/validate-manifests.ts';
import { writeAnswer } from '../output/render.ts';

const EXAMPLES = `
Needs no control plane. Whether references lead anywhere is checked by 'penstock apply --dry-run'.

Examples:
  penstock validate -f shop.yaml
  penstock validate -f ./manifests -o json`;

/** `penstock validate` */
export function addValidateCommand(program: Command, io: CliIo): void {
  program
    .command('validate')
    .description('check documents by their schemas, without a control plane')
    .requiredOption('-f, --file <path...>', 'a file, a folder, or - for standard input')
    .addHelpText('after', EXAMPLES)
    .action(async ({ file }: { readonly file: readonly string[] }, command: Command) => {
      const documents = await readManifestFiles(file, io);
      const faults = validateManifests(documents);
      const value = { documents: documents.length, faults };
      const asTable = (): string =>
        faults.length === 0
          ? `${documents.length} ${documents.length === 1 ? 'document is' : 'documents are'} valid\n`
          : faults.map((fault) => `${describeManifestFault(fault)}\n`).join('');
      writeAnswer(command, io, { value, asTable });
      if (faults.length > 0) throw new CliError(`${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}.`);
    });
}
