/** One rule of the policy `model-router`. `match` is a model's name, in which `*` stands for any text. */
export interface ModelRule {
  readonly match: string;
  readonly provider: string;
  readonly model?: string | undefined;
}

/** The first rule that matches a model. */
export function compileModelRules(rules: readonly ModelRule[]): (model: string) => ModelRule | undefined {
  const compiled = rules.map((rule) => ({ rule, matches: matcherOf(rule.match) }));
  return (model) => compiled.find(({ matches }) => matches(model))?.rule;
}

/** Searched piece by piece, in linear time. */
function matcherOf(glob: string): (model: string) => boolean {
  const [first = '', ...rest] = glob.split('*');
  const last = rest.pop();
  if (last === undefined) return (model) => model === first;
  return (model) => {
    if (!model.startsWith(first)) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = model.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return model.length - last.length >= at && model.endsWith(last);
  };
}
