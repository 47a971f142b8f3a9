import { describe, expect, it } from '@jest/globals';
import { LlmProviderTemplateManifest, LlmProviderTemplateSpec } from './llm-provider-template.ts';
import { extractionFor } from './template-extraction.ts';

const at = (identifier: string) => ({ location: 'payload', identifier });
const mapping = (resource: string) => ({ resource, promptTokens: at(resource) });
const template = LlmProviderTemplateSpec.parse({
  displayName: 'T',
  promptTokens: at('base'),
  requestModel: at('model'),
  resourceMappings: {
    resources: [
      '/responses',
      '/*',
      '/v1/*',
      '/v1/chat/completions',
      '/models/{model}:generateContent',
      '/models/{model}',
    ].map(mapping),
  },
});

describe('A2: resource mappings of a template', () => {
  it.each([
    ['/responses', '/responses'],
    ['/v1/chat/completions', '/v1/chat/completions'],
    ['/v1/embeddings', '/v1/*'],
    ['/v1/a/b', '/v1/*'],
    ['/other', '/*'],
    ['/models/gemini-2:generateContent', '/models/{model}:generateContent'],
    ['/models/gemini-2', '/models/{model}'],
    ['', 'base'],
  ])('A2: %s is read by %s', (path, identifier) => {
    expect(extractionFor(template, path)).toEqual({ promptTokens: at(identifier), requestModel: at('model') });
  });

  it('A2: a template without mappings is the same for every path', () => {
    const { resourceMappings: _, ...bare } = template;
    expect(extractionFor(bare, '/responses')).toEqual({ promptTokens: at('base'), requestModel: at('model') });
  });
});

describe('A2: rules of a template', () => {
  const messages = (spec: object, kind = 'LlmProviderTemplate') => {
    const manifest = { kind, metadata: { name: 'x' }, spec: { displayName: 'X', ...spec } };
    const issues = LlmProviderTemplateManifest.safeParse(manifest).error?.issues ?? [];
    return issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  };
  const resource = "resource must be an absolute path starting with '/' and contain no spaces";

  it.each([
    [{ displayName: '' }, 'spec.displayName:'],
    [{ displayName: 'x'.repeat(254) }, 'spec.displayName:'],
    [{ groupId: 'x'.repeat(41) }, 'spec.groupId:'],
    [{ managedBy: 'x'.repeat(256) }, 'spec.managedBy:'],
    [{ version: 'x'.repeat(31) }, 'spec.version:'],
    [
      { promptTokens: { location: 'body', identifier: 'x' } },
      "spec.promptTokens.location: Location must be 'payload' or 'header' or 'queryParam' or 'pathParam'",
    ],
    [{ promptTokens: { location: 'header' } }, 'spec.promptTokens.identifier: Identifier is required'],
    [
      { responseModel: { location: 'header', identifier: '' } },
      'spec.responseModel.identifier: Identifier is required',
    ],
    [{ resourceMappings: { resources: [] } }, 'spec.resourceMappings.resources: name at least one resource'],
    [
      { resourceMappings: { resources: [mapping('responses')] } },
      `spec.resourceMappings.resources.0.resource: ${resource}`,
    ],
    [{ resourceMappings: { resources: [mapping('/a b')] } }, `spec.resourceMappings.resources.0.resource: ${resource}`],
    [{ resourceMappings: { resources: [{}] } }, `spec.resourceMappings.resources.0.resource: ${resource}`],
  ])('A2: %j is refused', (spec, message) => {
    expect(messages(spec).join()).toContain(message);
  });

  it('A2: the kind must be right', () => {
    expect(messages({}, 'LlmProvider')).toEqual(["kind: Kind must be 'LlmProviderTemplate'"]);
  });

  it.each(['/a', '/a/*', '/v1beta/models/{model}:generateContent', '/model/{modelId}/converse', '/', '/a.b/~c_d-e'])(
    'A2: %s is a resource',
    (path) => {
      expect(messages({ resourceMappings: { resources: [mapping(path)] } })).toEqual([]);
    },
  );
});
