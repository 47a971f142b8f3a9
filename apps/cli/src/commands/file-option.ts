import { Option } from 'commander';

/** `-f FILE`, any number of times. */
export function fileOption(): Option {
  return new Option(
    '-f, --file <path...>',
    'a file, a folder with .yaml, .yml and .json files, or - for standard input',
  ).makeOptionMandatory();
}

/** `--managed-by NAME` */
export function managedByOption(): Option {
  return new Option('--managed-by <name>', 'mark the documents as of this set (label penstock.dev/managed-by)');
}
