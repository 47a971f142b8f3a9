/** What of these texts is filled in; what a form leaves empty is not sent. */
export function filledOnly<Name extends string>(texts: Readonly<Record<Name, string>>): Partial<Record<Name, string>> {
  const filled = Object.entries<string>(texts)
    .map(([name, text]) => [name, text.trim()] as const)
    .filter(([, text]) => text !== '');
  return Object.fromEntries(filled) as Partial<Record<Name, string>>;
}
