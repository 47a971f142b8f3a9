import { agentHome, runAgent } from './run-agent.ts';

/** What a script says about one check; without an error it went well. */
export interface Outcome {
  readonly check: string;
  readonly error: string | null;
}

/**
 * Runs a script that prints one outcome a line, and returns them by check. Throws when it did not come to its end. All checks
 * have one process, since loading the big libraries takes longer than what they do.
 */
export async function runChecks(
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, Outcome>> {
  const place = agentHome();
  try {
    const { code, output, errors } = await runAgent(command, { home: place.home, env });
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${errors.slice(-3000)}`);
    const outcomes = output
      .split('\n')
      .filter((line) => line.startsWith('{"check"'))
      .map((line) => JSON.parse(line) as Outcome);
    return new Map(outcomes.map((outcome) => [outcome.check, outcome]));
  } finally {
    place.remove();
  }
}
