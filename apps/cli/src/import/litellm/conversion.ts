/** A manifest that comes out of a conversion. */
export interface ConvertedManifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** How a conversion is done. */
export interface ConversionOptions {
  /** Name of the proxy that is made. */
  readonly proxy: string;
  readonly context: string;
  /** Credentials come along in plain text; else they are references to the control plane's environment. */
  readonly withSecrets: boolean;
  /** Where `os.environ/X` is looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A conversion at work: what has to be said about it, each thing once. */
export class Conversion {
  readonly options: ConversionOptions;
  readonly #warnings = new Set<string>();

  constructor(options: ConversionOptions) {
    this.options = options;
  }

  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  warn(warning: string): void {
    this.#warnings.add(warning);
  }
}

/** `os.environ/X` as `X`; undefined for everything else. */
export function variableOf(text: string | undefined): string | undefined {
  return /^os\.environ\/(.+)$/.exec(text ?? '')?.[1];
}

/** Text as the name of a document: lower case, with hyphens for what is not allowed. */
export function slug(text: string): string {
  const plain = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return plain.slice(0, 60).replaceAll(/^-+|-+$/g, '') || 'unnamed';
}
