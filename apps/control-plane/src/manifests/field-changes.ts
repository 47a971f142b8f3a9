import type { FieldChange } from '@penstock/contracts';
import { canonicalJson } from '../common/canonical-json.ts';

type Value = NonNullable<FieldChange['before']>;

/** Fields that are told of one document. */
const MAX_CHANGES = 200;

/** The fields in which two values of JSON differ, down to the smallest; lists are compared place by place. */
export function fieldChanges(before: unknown, after: unknown): FieldChange[] {
  const changes: FieldChange[] = [];
  collect('', before, after, changes);
  return changes;
}

function collect(field: string, before: unknown, after: unknown, changes: FieldChange[]): void {
  if (changes.length >= MAX_CHANGES || canonicalJson(before) === canonicalJson(after)) return;
  const members = membersOf(before, after);
  if (members) {
    for (const { key, path } of members)
      collect(`${field}${path}`, memberOf(before, key), memberOf(after, key), changes);
    return;
  }
  changes.push({
    field: field.replace(/^\./, ''),
    ...(before !== undefined && { before: before as Value }),
    ...(after !== undefined && { after: after as Value }),
  });
}

interface Member {
  readonly key: string;
  readonly path: string;
}

/** What is compared within the two; undefined where they are to be told as wholes. */
function membersOf(before: unknown, after: unknown): readonly Member[] | undefined {
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => ({ key: String(index), path: `[${index}]` }));
  }
  if (!isObject(before) || !isObject(after)) return undefined;
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].map((key) => ({ key, path: /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]` }));
}

function memberOf(value: unknown, key: string): unknown {
  return Object.hasOwn(value as object, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
