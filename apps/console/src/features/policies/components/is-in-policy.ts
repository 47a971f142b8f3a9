/** Whether a refused field belongs to an attached policy, whose editor shows it wherever it stands. */
export function isInPolicy(field: string): boolean {
  return /^spec\.(policies|globalPolicies|operationPolicies)(\.\d+(\.|$)|$)/.test(field);
}
