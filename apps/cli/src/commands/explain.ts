import { readFile } from 'node:fs/promises';
import { type ExplainedLimit, type ExplainedPolicy, type ExplainedTarget, ExplainResult } from '@penstock/contracts';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { connect } from '../admin/connection.ts';
import { CliError, EXIT, usageError } from '../cli-error.ts';
import type { CliIo } from '../cli-io.ts';
import { formatCount, formatUsd } from '../output/format-values.ts';
import { paint } from '../output/paint.ts';
import { renderFields, writeAnswer } from '../output/render.ts';
import { type Column, renderTable } from '../output/table.ts';

interface ExplainOptions {
  readonly method: string;
  readonly model?: string;
  readonly key?: string;
  readonly address?: string;
  readonly header: Readonly<Record<string, string>>;
  readonly file?: string;
}

const POLICIES: readonly Column<ExplainedPolicy>[] = [
  { title: 'POLICY', value: ({ name }) => name },
  { title: 'WHERE', value: ({ where }) => where ?? '-' },
  { title: 'RUNS', value: ({ runs }) => runs },
  { title: 'WHY', value: ({ why }) => why },
];

const TARGETS: readonly Column<ExplainedTarget>[] = [
  { title: 'TARGET', value: ({ alias, model }) => `${alias}/${model}` },
  { title: 'UPSTREAM MODEL', value: ({ upstreamModel }) => upstreamModel ?? '-' },
  { title: 'PRIORITY', value: ({ priority }) => String(priority), align: 'right' },
  { title: 'SHARE', value: ({ share }) => (share === null ? '-' : `${Math.round(share * 100)} %`), align: 'right' },
  { title: 'USD PER MILLION', value: ({ price }) => priceOf(price) },
  { title: 'HOW', value: howOf },
];

const LIMITS: readonly Column<ExplainedLimit>[] = [
  { title: 'LIMIT', value: ({ subject, quota }) => `${subject}: ${quota}` },
  { title: 'UNIT', value: ({ unit, window }) => (window === null ? unit : `${unit}/${window}`) },
  { title: 'MAX', value: (limit) => amount(limit, limit.max), align: 'right' },
  { title: 'LEFT', value: (limit) => (limit.live ? amount(limit, limit.live.remaining) : '?'), align: 'right' },
  { title: 'TAKES', value: (limit) => amount(limit, limit.charge), align: 'right' },
  { title: 'MODE', value: ({ mode, estimate }) => `${mode}, ${estimate}` },
  {
    title: 'FITS',
    value: ({ fits, onExceeded }) => (fits ? 'yes' : onExceeded === 'deny' ? 'no' : `no: to ${onExceeded.route}`),
  },
];

const EXAMPLES = `
Follows a request through the config as it would be published now, and sends nothing. Ends with 1 when the request would be refused.

Examples:
  penstock explain /shop/v1/chat/completions --model smart --key app-1
  penstock explain /v1/messages --model claude-opus-5 -H 'x-provider: anthropic'
  penstock explain /v1/chat/completions -f body.json -o json`;

/** `penstock explain` */
export function addExplainCommand(program: Command, io: CliIo): void {
  program
    .command('explain')
    .description('what a gateway would do with a request: proxy, key, policies, targets, limits')
    .argument('<path>', "of the request, with the proxy's context: /shop/v1/chat/completions")
    .option('-X, --method <method>', 'of the request', 'POST')
    .option('--model <name>', 'the model that is asked for')
    .option('--key <name>', 'the virtual key that the caller shows, by its name')
    .option('--address <ip>', 'where the caller is, for keys with an IP list')
    .option('-H, --header <header>', "such as 'x-provider: openai'; any number of times", addHeader, {})
    .option('-f, --file <path>', 'the body, JSON or YAML, or - for standard input')
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, options: ExplainOptions, self: Command) => {
      const body = options.file === undefined ? undefined : await readBody(options.file, io);
      const { method, model, key: virtualKey, address, header: headers } = options;
      const question = { method: method.toUpperCase(), path, headers, body, model, virtualKey, address };
      const value = await connect(self, io).send({
        method: 'POST',
        path: '/config/explain',
        body: { type: 'application/json', content: JSON.stringify(question) },
        answer: ExplainResult,
      });
      writeAnswer(self, io, { value, asTable: (result) => describe(result, io) });
      if (!value.verdict.admitted) throw new CliError('The request would be refused.', EXIT.refused);
    });
}

function addHeader(text: string, known: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const colon = text.indexOf(':');
  if (colon <= 0) throw usageError(`'${text}' is no header. Write it as 'name: value'.`);
  return { ...known, [text.slice(0, colon).trim()]: text.slice(colon + 1).trim() };
}

async function readBody(file: string, io: CliIo): Promise<object> {
  const name = file === '-' ? 'standard input' : file;
  try {
    const value: unknown = parse(file === '-' ? await io.readInput() : await readFile(file, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw new CliError(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
  throw new CliError(`${name} holds no object.`);
}

function describe(result: ExplainResult, io: CliIo): string {
  const { policies, targets, limits } = result;
  const parts = [
    renderFields(factsOf(result)),
    policies.length > 0 && renderTable(POLICIES, policies),
    targets.length > 0 && renderTable(TARGETS, targets),
    limits.length > 0 && renderTable(LIMITS, limits),
    verdictOf(result, io),
  ];
  return parts.filter((part) => part !== false).join('\n');
}

function factsOf({ proxy, operation, authentication, model, hold }: ExplainResult): Record<string, string> {
  return {
    proxy: proxy ? `${proxy.name}: ${proxy.why}` : 'none',
    ...(operation && { operation: operationOf(operation) }),
    ...(authentication && { key: keyOf(authentication) }),
    ...(model && { model: `${model.asked ?? 'none'} (${model.rule}: ${model.why})` }),
    ...(hold && { probably: usageOf(hold.probable), 'at most': usageOf(hold.most) }),
  };
}

function operationOf({ operation, dialect, path }: NonNullable<ExplainResult['operation']>): string {
  return `${operation ?? 'of the gateway'}${dialect ? ` in ${dialect}` : ''}, ${path}`;
}

function keyOf({ required, virtualKey, team, usable, reasons }: NonNullable<ExplainResult['authentication']>): string {
  if (!required) return 'not needed';
  if (virtualKey === null) return 'not named';
  return `${virtualKey} of team ${team ?? ''}${usable === true ? '' : `: ${reasons.join('; ')}`}`;
}

function usageOf({ inputTokens, outputTokens, costMicroUsd }: NonNullable<ExplainResult['hold']>['most']): string {
  const cost = costMicroUsd === null ? 'cost unknown' : `${formatUsd(costMicroUsd)} USD`;
  return `${formatCount(inputTokens)} tokens in, ${formatCount(outputTokens)} out, ${cost}`;
}

function verdictOf({ verdict: { admitted, error, notes } }: ExplainResult, io: CliIo): string {
  const head = admitted
    ? paint(io, 'green', 'Admitted.')
    : paint(io, 'red', `Refused: ${error?.status ?? ''} ${error?.code ?? ''}: ${error?.message ?? ''}`);
  return [head, ...notes].map((line) => `${line}\n`).join('');
}

function howOf({ leftOut, dialect, translated }: ExplainedTarget): string {
  if (leftOut !== null) return `left out: ${leftOut}`;
  return translated === true ? `translated to ${dialect ?? ''}` : 'passed through';
}

function priceOf(price: ExplainedTarget['price']): string {
  if (!price) return 'unknown';
  return `${formatUsd(Math.round(price.inputPerMillion))} / ${formatUsd(Math.round(price.outputPerMillion))} (${price.source})`;
}

function amount({ unit }: ExplainedLimit, value: number): string {
  return unit === 'cost' ? `${formatUsd(value)} USD` : formatCount(value);
}
