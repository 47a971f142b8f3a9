import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import type { TextFollower, ValueRule, Violation } from '../guardrail/text-rule.ts';
import { linearSchema, PATTERN_FORMAT } from './linear-schema.ts';

/** The longest text that is judged, in UTF-16 units. */
export const MAX_JSON = 1024 * 1024;
/** `uniqueItems` compares each with each. */
const MAX_UNIQUE_ITEMS = 2_000;
const MAX_ASSESSMENTS = 20;
const REASON = 'Violation of JSON schema detected.';

const DRAFTS = { 'draft-04': '4', 'draft-07': '7', '2019-09': '2019-09' } as const;

/** That a text is JSON of a schema (draft 2020-12, unless `$schema` says 2019-09, draft-07 or draft-04), or that it is not. */
export class SchemaRule implements ValueRule {
  readonly #validator: Validator;
  readonly #invert: boolean;
  readonly #comparesItems: boolean;

  constructor(schema: Readonly<Record<string, unknown>>, invert: boolean) {
    const draft = Object.entries(DRAFTS).find(([name]) => String(schema.$schema).includes(name))?.[1];
    this.#validator = new Validator(linearSchema(schema) as Schema, draft ?? '2020-12', true);
    this.#invert = invert;
    this.#comparesItems = JSON.stringify(schema).includes('"uniqueItems"');
  }

  judge(text: string): Violation | null {
    if (text.length > MAX_JSON) return refused('The text is too long to be judged.');
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return this.#invert ? null : refused('The text is not JSON.');
    }
    return this.#judge(value);
  }

  judgeValue(value: unknown): Violation | null {
    return this.judge(JSON.stringify(value));
  }

  /** Nothing is released before the whole is known. */
  follow(): TextFollower {
    let text = '';
    return {
      released: 0,
      push: (piece) => {
        text += piece;
        return text.length > MAX_JSON ? refused('The text is too long to be judged.') : null;
      },
      pause: () => null,
      end: () => this.judge(text),
    };
  }

  #judge(value: unknown): Violation | null {
    if (this.#comparesItems && hasLongArray(value)) return refused('The text has too many items to be judged.');
    const errors = this.#errorsOf(value);
    if ((errors.length === 0) === this.#invert)
      return { reason: REASON, assessments: errors.slice(0, MAX_ASSESSMENTS) };
    return null;
  }

  /** A schema whose references lead nowhere or in circles fits nothing. */
  #errorsOf(value: unknown): readonly { readonly field: string; readonly description: string }[] {
    try {
      const { valid, errors } = this.#validator.validate(value);
      return valid ? [] : errors.map(assessmentOf);
    } catch (error) {
      return [{ field: '#', description: error instanceof Error ? error.message : 'cannot be judged' }];
    }
  }
}

function assessmentOf({ instanceLocation, error }: OutputUnit) {
  // Patterns are formats of ours.
  return { field: instanceLocation, description: error.replace(`format "${PATTERN_FORMAT}`, 'pattern "') };
}

function refused(assessments: string): Violation {
  return { reason: REASON, assessments };
}

function hasLongArray(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value) && value.length > MAX_UNIQUE_ITEMS) return true;
  return Object.values(value).some(hasLongArray);
}
