/** The model that a body names, whatever else is wrong with it. */
export function modelOf(body: unknown): string | null {
  const model = (body as { model?: unknown } | null | undefined)?.model;
  return typeof model === 'string' ? model : null;
}
