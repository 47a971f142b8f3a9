const PAGES: Readonly<Record<string, (name: string) => string>> = {
  Organization: () => '/settings/organization',
  Team: (name) => `/teams?q=${name}`,
  VirtualKey: (name) => `/virtual-keys/${name}`,
  LlmProvider: (name) => `/providers/${name}`,
  LlmProxy: (name) => `/proxies/${name}`,
};

/**
 * The page of what a limit is attached to, by how the admin API names it: `VirtualKey app-1`, `Team crew, VirtualKey app-1`,
 * `LlmProvider lab, model qwen`. The page of the last part that has one; undefined where none has.
 */
export function pageOfSubject(subject: string): string | undefined {
  const pages = subject.split(', ').map((part) => {
    const [kind = '', name = ''] = part.split(' ');
    return PAGES[kind]?.(encodeURIComponent(name));
  });
  return pages.findLast((page) => page !== undefined);
}
