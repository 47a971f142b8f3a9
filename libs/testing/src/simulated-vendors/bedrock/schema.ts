import { z } from 'zod';
import { JsonObject } from '../json-object.ts';

/** Written by hand from the published model of the Bedrock runtime; unknown members are refused at every level. */
const Source = z.union([
  z.strictObject({ bytes: z.string() }),
  z.strictObject({
    s3Location: z.strictObject({ uri: z.string().regex(/^s3:\/\//), bucketOwner: z.string().optional() }),
  }),
]);

const image = z.strictObject({ format: z.enum(['png', 'jpeg', 'gif', 'webp']), source: Source });
const document = z.strictObject({
  format: z.enum(['pdf', 'csv', 'doc', 'docx', 'xls', 'xlsx', 'html', 'txt', 'md']).optional(),
  name: z.string().min(1).max(200),
  source: z.union([
    ...Source.options,
    z.strictObject({ text: z.string() }),
    z.strictObject({ content: z.array(z.strictObject({ text: z.string() })) }),
  ]),
  context: z.string().optional(),
  citations: z.strictObject({ enabled: z.boolean() }).optional(),
});
const cachePoint = z.strictObject({ type: z.literal('default'), ttl: z.enum(['5m', '1h']).optional() });

const toolUseId = z
  .string()
  .regex(/^[a-zA-Z0-9_-]{1,64}$/, 'Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+');
const toolName = z
  .string()
  .regex(/^[a-zA-Z0-9_-]{1,64}$/, 'Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+');

const ToolResultBlock = z.strictObject({
  text: z.string().optional(),
  json: z.json().optional(),
  image: image.optional(),
  document: document.optional(),
});

/** A union of AWS: one member is set. The rules check that. */
export const ContentBlock = z.strictObject({
  text: z.string().optional(),
  image: image.optional(),
  document: document.optional(),
  toolUse: z.strictObject({ toolUseId, name: toolName, input: z.json(), type: z.string().optional() }).optional(),
  toolResult: z
    .strictObject({
      toolUseId,
      content: z.array(ToolResultBlock),
      status: z.enum(['success', 'error']).optional(),
      type: z.string().optional(),
    })
    .optional(),
  reasoningContent: z
    .strictObject({
      reasoningText: z.strictObject({ text: z.string(), signature: z.string().optional() }).optional(),
      redactedContent: z.string().optional(),
    })
    .optional(),
  cachePoint: cachePoint.optional(),
  guardContent: JsonObject.optional(),
});
export type ContentBlock = z.infer<typeof ContentBlock>;

export const Message = z.strictObject({ role: z.enum(['user', 'assistant']), content: z.array(ContentBlock) });
export type Message = z.infer<typeof Message>;

const Tool = z.strictObject({
  toolSpec: z
    .strictObject({
      name: toolName,
      description: z.string().min(1).optional(),
      inputSchema: z.strictObject({ json: JsonObject }),
      strict: z.boolean().optional(),
    })
    .optional(),
  cachePoint: cachePoint.optional(),
  systemTool: z.strictObject({ name: z.string() }).optional(),
});

const empty = z.strictObject({});

/** `POST /model/{id}/converse` and `/converse-stream`. */
export const ConverseRequest = z.strictObject({
  messages: z.array(Message).min(1),
  system: z
    .array(
      z.strictObject({
        text: z.string().min(1).optional(),
        cachePoint: cachePoint.optional(),
        guardContent: JsonObject.optional(),
      }),
    )
    .optional(),
  inferenceConfig: z
    .strictObject({
      maxTokens: z.int().min(1).optional(),
      temperature: z.number().min(0).max(1).optional(),
      topP: z.number().min(0).max(1).optional(),
      stopSequences: z.array(z.string().min(1)).max(2500).optional(),
    })
    .optional(),
  toolConfig: z
    .strictObject({
      tools: z.array(Tool).min(1),
      toolChoice: z
        .union([
          z.strictObject({ auto: empty }),
          z.strictObject({ any: empty }),
          z.strictObject({ tool: z.strictObject({ name: toolName }) }),
        ])
        .optional(),
    })
    .optional(),
  guardrailConfig: JsonObject.optional(),
  additionalModelRequestFields: JsonObject.optional(),
  additionalModelResponseFieldPaths: z.array(z.string()).max(10).optional(),
  promptVariables: JsonObject.optional(),
  requestMetadata: z.record(z.string().max(256), z.string().max(256)).optional(),
  performanceConfig: z.strictObject({ latency: z.enum(['standard', 'optimized']) }).optional(),
  serviceTier: z.strictObject({ type: z.enum(['default', 'flex', 'priority', 'reserved']) }).optional(),
  outputConfig: z
    .strictObject({
      textFormat: z
        .strictObject({
          type: z.literal('json_schema'),
          structure: z.strictObject({
            jsonSchema: z.strictObject({
              schema: z.string(),
              name: z.string().optional(),
              description: z.string().optional(),
            }),
          }),
        })
        .optional(),
      effort: z.enum(['low', 'medium', 'high', 'max']).optional(),
    })
    .optional(),
});
export type ConverseRequest = z.infer<typeof ConverseRequest>;
