import fc from 'fast-check';

const blank = fc.constantFrom('', '', ' ', '\n  ', '\t', '\r\n');

/** A string as it may be written: with escapes that are needed, and others that are not. */
export const stringText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 6 }).map((text) => JSON.stringify(text).slice(1, -1)),
      fc.constantFrom(
        String.raw`\u00e9`,
        String.raw`\ud83d\ude00`,
        String.raw`\/`,
        String.raw`\"`,
        String.raw`\\`,
        String.raw`\u0022`,
        '\u2028',
      ),
    ),
    { maxLength: 4 },
  )
  .map((pieces) => `"${pieces.join('')}"`);

const numberText = fc.oneof(
  fc.constantFrom('9007199254740993', '-12345678901234567890', '1.0', '1.50', '-0', '0.1e-7', '1E+400', '1e2'),
  fc.bigInt().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
);

/** A member whose name is not written twice within its object; the names of two spellings of one text count as the same. */
const members = (value: fc.Arbitrary<string>) =>
  fc.uniqueArray(fc.tuple(stringText, value), { maxLength: 4, selector: ([name]) => JSON.parse(name) as string });

/** Any JSON value as text, with white space wherever it may stand. */
export const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('null', 'true', 'false'),
    numberText,
    stringText,
    fc
      .tuple(blank, fc.array(fc.tuple(tie('value'), blank), { maxLength: 4 }))
      .map(([before, items]) => `[${before}${items.map((item) => item.join('')).join(`,${before}`)}]`),
    fc
      .tuple(blank, members(fc.tuple(blank, tie('value'), blank).map((texts) => texts.join(''))))
      .map(
        ([before, list]) => `{${before}${list.map(([name, value]) => `${name}${before}:${value}`).join(`,${before}`)}}`,
      ),
  ),
})).value;

/** An object's text: its members with the white space around each, which `parts` gives one by one. */
export interface ObjectText {
  readonly parts: readonly {
    readonly name: string;
    readonly value: string;
    readonly before: string;
    readonly after: string;
  }[];
  readonly before: string;
  readonly after: string;
}

/** An object with these members and any others, in any order. */
export function objectText(
  fixed: Readonly<Record<string, fc.Arbitrary<string>>>,
  taken: ReadonlySet<string>,
): fc.Arbitrary<ObjectText> {
  const own = Object.entries(fixed).map(([name, value]) =>
    fc.tuple(fc.constantFrom(JSON.stringify(name), escaped(name)), value),
  );
  const others = members(jsonText).map((list) => list.filter(([name]) => !taken.has(JSON.parse(name) as string)));
  return fc
    .tuple(fc.tuple(...own), others)
    .chain(([mine, rest]) => fc.shuffledSubarray([...mine, ...rest], { minLength: mine.length + rest.length }))
    .chain((list) =>
      fc.record({
        parts: fc.tuple(
          ...list.map(([name, value]) =>
            fc.record({ name: fc.constant(name), value: fc.constant(value), before: blank, after: blank }),
          ),
        ),
        before: blank,
        after: blank,
      }),
    );
}

/** A name of which one letter is written as its code. */
const escaped = (name: string): string => `"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}"`;

/** The text, with another value for some members and a member more at the end. */
export function writeObject(
  { parts, before, after }: ObjectText,
  values: Readonly<Record<string, string>> = {},
  appended = '',
): string {
  const written = parts.map(({ name, value, before: space, after: behind }, index) => {
    const last = index === parts.length - 1;
    return `${space}${name}:${space}${values[JSON.parse(name) as string] ?? value}${last ? appended : ''}${behind}`;
  });
  return `${before}{${written.join(',')}}${after}`;
}
