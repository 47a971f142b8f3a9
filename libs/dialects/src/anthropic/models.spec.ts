import { describe, expect, it } from '@jest/globals';
import { type ModelsPage, renderAnthropicModel, renderAnthropicModels } from './models.ts';

const models = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }));
const page = (wish: ModelsPage) => {
  const { data, has_more, first_id, last_id } = renderAnthropicModels(models, wish);
  return [(data as unknown as { id: string }[]).map(({ id }) => id).join(''), has_more, first_id, last_id];
};

describe('models in the shape of Anthropic', () => {
  it('have every field that the SDK calls required', () => {
    expect(renderAnthropicModel({ id: 'a', createdAt: '2026-01-02T03:04:05Z' })).toEqual({
      type: 'model',
      id: 'a',
      display_name: 'a',
      created_at: '2026-01-02T03:04:05Z',
      capabilities: null,
      deprecated_at: null,
      lifecycle: 'active',
      line: null,
      max_input_tokens: null,
      max_tokens: null,
      retires_at: null,
    });
    expect(renderAnthropicModel({ id: 'b' })['created_at']).toBe('1970-01-01T00:00:00Z');
  });

  it.each([
    [{}, ['abcde', false, 'a', 'e']],
    [{ limit: 2 }, ['ab', true, 'a', 'b']],
    [{ limit: 2, afterId: 'b' }, ['cd', true, 'c', 'd']],
    [{ limit: 2, afterId: 'd' }, ['e', false, 'e', 'e']],
    [{ afterId: 'e' }, ['', false, null, null]],
    [{ limit: 2, beforeId: 'e' }, ['cd', true, 'c', 'd']],
    [{ limit: 9, beforeId: 'c' }, ['ab', false, 'a', 'b']],
  ])('are listed by page %j', (wish, expected) => {
    expect(page(wish)).toEqual(expected);
  });

  it.each([
    [{ limit: 0 }, 'limit'],
    [{ limit: 1001 }, 'limit'],
    [{ limit: 1.5 }, 'limit'],
    [{ afterId: 'x' }, 'after_id'],
    [{ beforeId: 'x' }, 'before_id'],
  ])('refuse the page %j', (wish, param) => {
    expect(() => page(wish)).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });
});
