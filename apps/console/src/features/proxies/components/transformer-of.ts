/** The transformer that a refused field lies in, which shows what is wrong wherever it stands. */
export function transformerOf(field: string): string | undefined {
  return /^spec\.additionalProviders\.\d+\.transformer(?=\.|$)/.exec(field)?.[0];
}
