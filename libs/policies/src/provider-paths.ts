/** A version at the beginning of a path, or at the end of a base URL. */
const LEADING_VERSION = /^\/v\d+(?:(?:alpha|beta)\d*)?(?=\/)/;
const TRAILING_VERSION = /\/v\d+(?:(?:alpha|beta)\d*)?$/;
/** Azure serves the same operation under the deployment's own path and, where the body names it, under its v1 API. */
const AZURE_V1 = /^(?:\/openai)?(?:\/v1)?(\/chat\/completions|\/completions|\/embeddings)$/;

const ENCODED_SLASH = /%2f/i;
const ENCODED_SLASHES = /%2f/gi;

/** How documents write the paths of a provider: relative to its base URL. */
export class ProviderPaths {
  /** Of all servers, the longest first. */
  readonly #bases: readonly string[];
  readonly #version: string;
  readonly #isAzure: boolean;

  /** `baseUrls`: the provider's own first. */
  constructor(baseUrls: readonly string[], template: string) {
    const bases = baseUrls.map((baseUrl) => new URL(baseUrl).pathname.replace(/\/+$/, ''));
    this.#bases = bases.filter((base) => base !== '').toSorted((one, other) => other.length - one.length);
    this.#version = TRAILING_VERSION.exec(bases[0] ?? '')?.[0] ?? '';
    this.#isAzure = template === 'azure-openai' || template === 'azureai-foundry';
  }

  /** Of a path that the vendor is asked for: without the query, and without what the base URL says already. */
  ownPath(upstreamPath: string): string {
    const path = upstreamPath.split('?', 1)[0] ?? upstreamPath;
    const base = this.#bases.find((one) => path.startsWith(`${one}/`));
    return base === undefined ? path : path.slice(base.length);
  }

  /**
   * All that name the same operation: with the version and without it, since base URLs are written with and without it too, and with
   * the slashes of a model that are encoded where it is sent. Which one a document uses makes no difference.
   */
  spellings(path: string): readonly string[] {
    const bare = path.replace(LEADING_VERSION, '');
    const spellings = new Set([path, bare]);
    // A caller may write a version that is not the vendor's.
    if (this.#version !== '') spellings.add(this.#version + bare);
    if (ENCODED_SLASH.test(path)) for (const one of spellings) spellings.add(one.replaceAll(ENCODED_SLASHES, '/'));
    const azure = this.#isAzure ? AZURE_V1.exec(path)?.[1] : undefined;
    if (azure !== undefined) spellings.add(`/openai/deployments/{deployment}${azure}`);
    return [...spellings];
  }
}
