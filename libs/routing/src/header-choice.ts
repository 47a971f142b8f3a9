/** How a provider is chosen by a header: as the parameters of the policy `llm-header-router` say it. */
export interface HeaderRouting {
  readonly headerName: string;
  readonly defaultProvider?: string | undefined;
  readonly mappings: readonly { readonly headerValue: string; readonly provider: string }[];
}

/**
 * The provider for the values of the header, its first one deciding; names and values are compared without case. Undefined: the
 * proxy's own rules hold.
 */
export function compileHeaderChoice({
  defaultProvider,
  mappings,
}: HeaderRouting): (sent: string | readonly string[] | undefined) => string | undefined {
  const providers = new Map(mappings.map(({ headerValue, provider }) => [headerValue.toLowerCase(), provider]));
  return (sent) => {
    const value = (typeof sent === 'string' ? sent.split(',', 1)[0] : sent?.[0])?.trim().toLowerCase();
    return (value ? providers.get(value) : undefined) ?? defaultProvider;
  };
}
