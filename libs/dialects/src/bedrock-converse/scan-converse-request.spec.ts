import { describe, expect, it } from '@jest/globals';
import { boundConverse, scanConverseRequest } from './scan-converse-request.ts';

const messages = [{ role: 'user', content: [{ text: 'hi' }] }];
const bodyOf = (rest: object = {}) => Buffer.from(JSON.stringify({ messages, ...rest }));
function bounded(rest: object, tokens: number): unknown {
  const body = bodyOf(rest);
  return JSON.parse(boundConverse(body, scanConverseRequest(body, 'm'), tokens).toString());
}

describe("a request to Bedrock's converse", () => {
  it('has its model in the path and its bound in the config', () => {
    expect(scanConverseRequest(bodyOf({ inferenceConfig: { maxTokens: 7 } }), 'm')).toMatchObject({
      model: 'm',
      stream: false,
      maxOutputTokens: 7,
    });
    for (const maxTokens of [undefined, 0, -1, 1.5, 'x', null]) {
      expect(scanConverseRequest(bodyOf({ inferenceConfig: { maxTokens } }), 'm').maxOutputTokens).toBeNull();
    }
    expect(scanConverseRequest(bodyOf({ inferenceConfig: null }), 'm').maxOutputTokens).toBeNull();
  });

  it('needs messages', () => {
    expect(() => scanConverseRequest(Buffer.from('{}'), 'm')).toThrow("'messages'");
    expect(() => scanConverseRequest(Buffer.from('[]'), 'm')).toThrow();
  });

  it('is bounded where a limit holds its output', () => {
    expect(bounded({}, 5)).toEqual({ messages, inferenceConfig: { maxTokens: 5 } });
    expect(bounded({ inferenceConfig: { maxTokens: 9, topP: 1 } }, 5)).toEqual({
      messages,
      inferenceConfig: { maxTokens: 5, topP: 1 },
    });
    expect(bounded({ inferenceConfig: { maxTokens: 3 } }, 5)).toEqual({ messages, inferenceConfig: { maxTokens: 3 } });
  });
});
