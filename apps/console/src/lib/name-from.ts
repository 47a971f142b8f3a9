/** A resource name made from a display name: `Lab vLLM (new)` becomes `lab-vllm-new`. Empty where nothing is left. */
export function nameFrom(displayName: string): string {
  return displayName
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\u0300-\u036F]/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, '');
}

/** The name that goes with a display name being typed: it follows, until the admin gives it a text of its own. */
export function followingName(name: string, displayNameBefore: string, displayName: string): string {
  return name === nameFrom(displayNameBefore) ? nameFrom(displayName) : name;
}
