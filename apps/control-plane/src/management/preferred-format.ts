const FORMATS = new Map<string, 'json' | 'yaml'>([
  ['application/json', 'json'],
  ['application/*', 'json'],
  ['*/*', 'json'],
  ['application/yaml', 'yaml'],
  ['application/x-yaml', 'yaml'],
  ['text/yaml', 'yaml'],
  ['text/*', 'yaml'],
]);

/** In which format an answer is wanted, by its `Accept` header; JSON unless YAML is asked for, and preferred to it. */
export function preferredFormat(accept: string | undefined): 'json' | 'yaml' {
  const weights = { json: 0, yaml: 0 };
  for (const range of (accept ?? '*/*').slice(0, 1024).split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const format = FORMATS.get(type);
    const quality = Number(parameters.find((part) => part.startsWith('q='))?.slice(2) ?? 1);
    // What comes first wins among equals.
    if (format && quality > Math.max(weights.json, weights.yaml)) weights[format] = quality;
  }
  return weights.yaml > weights.json ? 'yaml' : 'json';
}
