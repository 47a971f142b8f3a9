/** A text within a JSON document, which may be replaced. */
export interface TextPlace {
  readonly text: string;
  readonly replace: (text: string) => void;
}

type Owner = Record<PropertyKey, unknown>;

/** The text that a member of an object or of an array holds; none when it is no text. */
export function textPlace(owner: object, key: PropertyKey): readonly TextPlace[] {
  const members = owner as Owner;
  const text = members[key];
  if (typeof text !== 'string') return [];
  return [
    {
      text,
      replace: (replacement) => {
        members[key] = replacement;
      },
    },
  ];
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The texts of a content: a string, a list of strings, or a list of parts with a `text`, whatever the dialect. */
export function contentTexts(owner: object, key: PropertyKey): readonly TextPlace[] {
  const content = (owner as Owner)[key];
  if (typeof content === 'string') return textPlace(owner, key);
  if (isObject(content)) return [...textPlace(content, 'text'), ...contentTexts(content, 'parts')];
  if (!Array.isArray(content)) return [];
  return content.flatMap((part: unknown, index) =>
    isObject(part) && part.thought !== true ? textPlace(part, 'text') : textPlace(content, index),
  );
}
