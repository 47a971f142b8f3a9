const REFERENCE = /template:\/\/([A-Za-z0-9_-]+)(?:\?([^\s"']*))?/g;
const PLACEHOLDER = /\[\[([^[\]]{1,128})\]\]/g;
/** The most characters that the templates of one request may come to. */
export const MAX_FILLED = 4 * 1024 * 1024;

interface FillRules {
  readonly onMissingTemplate: 'error' | 'passthrough';
  readonly onUnresolvedPlaceholder: 'keep' | 'empty' | 'error';
}

/** A template cannot be filled; the message is public. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** Fills the templates of one request. What stands in values is taken as it is: neither templates nor placeholders in them count. */
export class TemplateFiller {
  readonly #templates: ReadonlyMap<string, string>;
  readonly #rules: FillRules;
  #filled = 0;

  constructor(templates: ReadonlyMap<string, string>, rules: FillRules) {
    this.#templates = templates;
    this.#rules = rules;
  }

  /** Throws TemplateError. */
  fill(text: string): string {
    if (!text.includes('template://')) return text;
    return text.replaceAll(REFERENCE, (reference: string, name: string, query: string | undefined) =>
      this.#resolve(reference, name, query ?? ''),
    );
  }

  #resolve(reference: string, name: string, query: string): string {
    const template = this.#templates.get(name);
    if (template === undefined) {
      if (this.#rules.onMissingTemplate === 'passthrough') return reference;
      throw new TemplateError(`Template '${name.slice(0, 128)}' not found`);
    }
    const values = new URLSearchParams(query);
    const filled = template.replaceAll(
      PLACEHOLDER,
      (placeholder: string, key: string) => values.get(key) ?? this.#unresolved(placeholder, key, name),
    );
    this.#filled += filled.length;
    if (this.#filled > MAX_FILLED) throw new TemplateError('The templates of the request are too long');
    return filled;
  }

  #unresolved(placeholder: string, key: string, name: string): string {
    const { onUnresolvedPlaceholder } = this.#rules;
    if (onUnresolvedPlaceholder === 'keep') return placeholder;
    if (onUnresolvedPlaceholder === 'empty') return '';
    throw new TemplateError(`Parameter '${key}' of template '${name}' is missing`);
  }
}
