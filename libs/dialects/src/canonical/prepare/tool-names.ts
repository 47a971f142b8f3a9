import type { ModelProfile } from '@penstock/contracts';
import type { CallerTool } from '../prepare-context.ts';
import { legalToolName } from './legal-tool-name.ts';

/** The names under which the tools of one request are sent, each used once. */
export class ToolNames {
  readonly keepsNamespaces: boolean;
  readonly #rule: ModelProfile['toolNames'];
  readonly #sent = new Map<string, CallerTool>();
  readonly #byTool = new Map<string, string>();
  readonly #byName = new Map<string, string>();

  constructor(rule: ModelProfile['toolNames'], keepsNamespaces: boolean) {
    this.#rule = rule;
    this.keepsNamespaces = keepsNamespaces;
  }

  /** The name for a tool that is met for the first time. */
  add(tool: CallerTool): string {
    const key = keyOf(tool);
    const flat = this.keepsNamespaces || tool.namespace === undefined ? tool.name : `${tool.namespace}__${tool.name}`;
    const legal = legalToolName(flat, this.#rule);
    const name = this.#isFree(legal, tool) ? legal : legalToolName(flat, this.#rule, key);
    if (!this.#sent.has(name)) this.#sent.set(name, tool);
    this.#byTool.set(key, name);
    if (!this.#byName.has(tool.name)) this.#byName.set(tool.name, name);
    return name;
  }

  /**
   * The name for a tool of the history, which may be none of the request's. A caller that forgets the group is understood, and
   * so is one that uses the name as it was sent.
   */
  find(tool: CallerTool): string {
    const exact = this.#byTool.get(keyOf(tool));
    if (exact !== undefined) return exact;
    if (tool.namespace !== undefined) return this.add(tool);
    return this.#byName.get(tool.name) ?? (this.#sent.has(tool.name) ? tool.name : this.add(tool));
  }

  /** The name for a tool that the caller names without its group. */
  findByName(name: string): string {
    return this.#byTool.get(keyOf({ name })) ?? this.#byName.get(name) ?? legalToolName(name, this.#rule);
  }

  /** The caller's tools by their names as they are sent. */
  entries(): Iterable<[string, CallerTool]> {
    return this.#sent.entries();
  }

  /** Where groups are kept, two of them may each have a tool of the same name. */
  #isFree(name: string, tool: CallerTool): boolean {
    const other = this.#sent.get(name);
    return other === undefined || (this.keepsNamespaces && other.namespace !== tool.namespace);
  }
}

function keyOf({ name, namespace }: Pick<CallerTool, 'name' | 'namespace'>): string {
  return JSON.stringify([namespace ?? null, name]);
}
