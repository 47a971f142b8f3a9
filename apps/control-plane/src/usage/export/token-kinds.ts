/** Sums of tokens of a group of events, by the columns of `usage_event`. */
export interface TokenSums {
  readonly input: number;
  readonly cached: number;
  readonly cacheWrite: number;
  readonly audioInput: number;
  readonly imageInput: number;
  readonly output: number;
  readonly reasoning: number;
  readonly audioOutput: number;
  readonly imageOutput: number;
}

/** Tokens of one kind; no token is of two kinds. */
export interface TokenKind {
  readonly kind: string;
  readonly tokens: number;
  /** What such a token usually costs, compared with one of plain input. */
  readonly weight: number;
}

/** Cuts input and output into their kinds; those without tokens are left out. */
export function tokenKinds(sums: TokenSums): TokenKind[] {
  const { cached, cacheWrite, audioInput, imageInput, reasoning, audioOutput, imageOutput } = sums;
  const input = Math.max(0, sums.input - cached - cacheWrite - audioInput - imageInput);
  const output = Math.max(0, sums.output - reasoning - audioOutput - imageOutput);
  const kinds: TokenKind[] = [
    { kind: 'input', tokens: input, weight: 1 },
    { kind: 'cached-input', tokens: cached, weight: 0.1 },
    { kind: 'cache-write', tokens: cacheWrite, weight: 1.25 },
    { kind: 'audio-input', tokens: audioInput, weight: 8 },
    { kind: 'image-input', tokens: imageInput, weight: 1 },
    { kind: 'output', tokens: output, weight: 5 },
    { kind: 'reasoning', tokens: reasoning, weight: 5 },
    { kind: 'audio-output', tokens: audioOutput, weight: 16 },
    { kind: 'image-output', tokens: imageOutput, weight: 8 },
  ];
  return kinds.filter(({ tokens }) => tokens > 0);
}
