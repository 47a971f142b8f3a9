/** A resource name made from a display name: `Lab vLLM (new)` becomes `lab-vllm-new`. Empty where nothing is left. */
export function nameFrom(displayName: string): string {
  return displayName
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\u0300-\u036F]/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63);
}
