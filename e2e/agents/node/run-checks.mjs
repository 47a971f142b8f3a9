/** Runs every check, whatever becomes of the others, and prints one line of JSON for each: `{"check", "error"}`. */
export async function runChecks(checks) {
  for (const [check, run] of Object.entries(checks)) {
    const error = await run().then(
      () => null,
      (failure) => String(failure?.stack ?? failure),
    );
    process.stdout.write(`${JSON.stringify({ check, error })}\n`);
  }
}
