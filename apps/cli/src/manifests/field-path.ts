/** A step into a document: the name of a member, or a place in a list. */
export type PathStep = string | number;

/** `spec.models[0].id` as its steps. Names that hold dots come apart; whoever looks them up takes what it finds. */
export function parseFieldPath(field: string): PathStep[] {
  return [...field.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? (name ?? '') : Number(index),
  );
}

/** The steps as `spec.models[0].id`. */
export function formatFieldPath(steps: readonly PropertyKey[]): string {
  return steps
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`))
    .join('');
}
