/** The list of policies that a refused field lies in, whose editor shows what is wrong wherever it stands. */
export function policyListOf(field: string): string | undefined {
  return /^spec\.(policies|globalPolicies|operationPolicies)(?=\.\d+(\.|$)|$)/.exec(field)?.[0];
}
