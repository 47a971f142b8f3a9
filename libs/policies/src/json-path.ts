/** A place in a JSON document that holds a value, which may be replaced. */
export interface JsonPlace {
  readonly value: unknown;
  replace(value: unknown): void;
}

type Step = string | number | typeof EVERY;
const EVERY = Symbol('every');
const STEP = /\.([A-Za-z_][A-Za-z0-9_-]*)|\[(-?\d+)\]|\[\*\]|\['([^']+)'\]|\["([^"]+)"\]/g;

/** A path such as `$.messages[-1].content`: names, indexes (from the end where negative) and `[*]`. See `JsonPathText`. */
export class JsonPath {
  readonly #steps: readonly Step[];

  constructor(text: string) {
    this.#steps = [...text.matchAll(STEP)].map(([, name, index, single, double]): Step => {
      const key = name ?? single ?? double;
      if (key !== undefined) return key;
      return index === undefined ? EVERY : Number(index);
    });
  }

  /** The places that it names in a document; none where something on the way is missing. */
  places(document: Record<string, unknown>): readonly JsonPlace[] {
    const root: { value: unknown } = { value: document };
    let places: readonly JsonPlace[] = [placeIn(root, 'value')];
    for (const step of this.#steps) places = places.flatMap(({ value }) => inside(value, step));
    return places;
  }
}

function inside(value: unknown, step: Step): readonly JsonPlace[] {
  if (Array.isArray(value)) {
    if (step === EVERY) return value.map((_, index) => placeIn(value as unknown as Record<number, unknown>, index));
    if (typeof step !== 'number') return [];
    const index = step < 0 ? value.length + step : step;
    return index in value ? [placeIn(value as unknown as Record<number, unknown>, index)] : [];
  }
  if (typeof value !== 'object' || value === null || typeof step !== 'string') return [];
  return Object.hasOwn(value, step) ? [placeIn(value as Record<string, unknown>, step)] : [];
}

function placeIn(owner: Record<PropertyKey, unknown>, key: PropertyKey): JsonPlace {
  return {
    value: owner[key],
    replace(value) {
      owner[key] = value;
    },
  };
}
