import { z } from 'zod';
import { JsonObject } from '../json-object.ts';
import { OpenApiSchema } from './schema-schema.ts';

/** Written by hand from the types of @google/genai 2.32 for the Gemini API (not Vertex); unknown names are refused, as the API does. */
const Blob = z.strictObject({ mimeType: z.string().min(1), data: z.string(), displayName: z.string().optional() });
const FileData = z.strictObject({
  fileUri: z.string(),
  mimeType: z.string().optional(),
  displayName: z.string().optional(),
});

export const Part = z.strictObject({
  text: z.string().optional(),
  inlineData: Blob.optional(),
  fileData: FileData.optional(),
  functionCall: z.strictObject({ id: z.string().optional(), name: z.string(), args: JsonObject.optional() }).optional(),
  functionResponse: z
    .strictObject({
      id: z.string().optional(),
      name: z.string(),
      response: JsonObject,
      parts: z.array(z.strictObject({ inlineData: Blob.optional(), fileData: FileData.optional() })).optional(),
      scheduling: z.string().optional(),
      willContinue: z.boolean().optional(),
    })
    .optional(),
  executableCode: z.strictObject({ id: z.string().optional(), language: z.string(), code: z.string() }).optional(),
  codeExecutionResult: z
    .strictObject({ id: z.string().optional(), outcome: z.string(), output: z.string().optional() })
    .optional(),
  thought: z.boolean().optional(),
  thoughtSignature: z.string().optional(),
  videoMetadata: z.looseObject({}).optional(),
  audioTranscription: z.looseObject({}).optional(),
  mediaProcessing: z.looseObject({}).optional(),
  speechMetadata: z.looseObject({}).optional(),
  toolCall: z.looseObject({}).optional(),
  toolResponse: z.looseObject({}).optional(),
  mediaResolution: z.looseObject({}).optional(),
  partMetadata: JsonObject.optional(),
});
export type Part = z.infer<typeof Part>;

export const Content = z.strictObject({ role: z.enum(['user', 'model']).optional(), parts: z.array(Part) });
export type Content = z.infer<typeof Content>;

const SystemInstruction = z.strictObject({
  role: z.string().optional(),
  parts: z.array(z.strictObject({ text: z.string() })),
});

const FunctionDeclaration = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  parameters: OpenApiSchema.optional(),
  parametersJsonSchema: JsonObject.optional(),
  response: OpenApiSchema.optional(),
  responseJsonSchema: JsonObject.optional(),
  behavior: z.enum(['UNSPECIFIED', 'BLOCKING', 'NON_BLOCKING']).optional(),
});

const serverTool = z.looseObject({}).optional();
const Tool = z.strictObject({
  functionDeclarations: z.array(FunctionDeclaration).optional(),
  googleSearch: serverTool,
  googleSearchRetrieval: serverTool,
  codeExecution: serverTool,
  computerUse: serverTool,
  urlContext: serverTool,
  fileSearch: serverTool,
  googleMaps: serverTool,
  mcpServers: z.array(z.looseObject({})).optional(),
});

const ToolConfig = z.strictObject({
  functionCallingConfig: z
    .strictObject({
      mode: z.enum(['MODE_UNSPECIFIED', 'AUTO', 'ANY', 'NONE', 'VALIDATED']).optional(),
      allowedFunctionNames: z.array(z.string()).optional(),
    })
    .optional(),
  retrievalConfig: z.looseObject({}).optional(),
  includeServerSideToolInvocations: z.boolean().optional(),
});

const GenerationConfig = z.strictObject({
  stopSequences: z.array(z.string()).max(5).optional(),
  responseMimeType: z.enum(['text/plain', 'application/json', 'text/x.enum']).optional(),
  responseSchema: OpenApiSchema.optional(),
  responseJsonSchema: JsonObject.optional(),
  responseModalities: z.array(z.enum(['TEXT', 'IMAGE', 'AUDIO'])).optional(),
  candidateCount: z.int().min(1).max(8).optional(),
  maxOutputTokens: z.int().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().min(0).max(1).optional(),
  topK: z.int().min(1).optional(),
  seed: z.int().optional(),
  presencePenalty: z.number().gte(-2).lt(2).optional(),
  frequencyPenalty: z.number().gte(-2).lt(2).optional(),
  responseLogprobs: z.boolean().optional(),
  logprobs: z.int().min(0).max(20).optional(),
  enableEnhancedCivicAnswers: z.boolean().optional(),
  audioTranscriptionConfig: z.looseObject({}).optional(),
  speechConfig: z.looseObject({}).optional(),
  imageConfig: z.looseObject({}).optional(),
  thinkingConfig: z
    .strictObject({
      includeThoughts: z.boolean().optional(),
      thinkingBudget: z.int().min(-1).optional(),
      thinkingLevel: z
        .enum(['MINIMAL', 'LOW', 'MEDIUM', 'HIGH', 'minimal', 'low', 'medium', 'high', 'THINKING_LEVEL_UNSPECIFIED'])
        .optional(),
    })
    .optional(),
  mediaResolution: z.string().optional(),
});

/** `:generateContent` and `:streamGenerateContent`. */
export const GenerateContentRequest = z.strictObject({
  contents: z.array(Content).min(1),
  systemInstruction: SystemInstruction.optional(),
  tools: z.array(Tool).optional(),
  toolConfig: ToolConfig.optional(),
  generationConfig: GenerationConfig.optional(),
  safetySettings: z
    .array(
      z.strictObject({
        category: z.string().regex(/^HARM_CATEGORY_/),
        threshold: z.enum(['BLOCK_LOW_AND_ABOVE', 'BLOCK_MEDIUM_AND_ABOVE', 'BLOCK_ONLY_HIGH', 'BLOCK_NONE', 'OFF']),
      }),
    )
    .optional(),
  cachedContent: z.string().optional(),
  serviceTier: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  store: z.boolean().optional(),
  continuationToken: z.string().optional(),
});
export type GenerateContentRequest = z.infer<typeof GenerateContentRequest>;

/** `:countTokens`: contents alone, or a whole request within. */
export const CountTokensRequest = z.strictObject({
  contents: z.array(Content).optional(),
  generateContentRequest: GenerateContentRequest.extend({ model: z.string().regex(/^models\//) }).optional(),
});

/** `:embedContent`. */
export const EmbedContentRequest = z.strictObject({
  model: z
    .string()
    .regex(/^models\//)
    .optional(),
  content: z.strictObject({ role: z.string().optional(), parts: z.array(z.strictObject({ text: z.string() })).min(1) }),
  taskType: z.string().optional(),
  title: z.string().optional(),
  outputDimensionality: z.int().min(1).max(3072).optional(),
});
export type EmbedContentRequest = z.infer<typeof EmbedContentRequest>;

/** `:batchEmbedContents`; each request names the model of the path. */
export const BatchEmbedContentsRequest = z.strictObject({
  requests: z
    .array(EmbedContentRequest.extend({ model: z.string().regex(/^models\//) }))
    .min(1)
    .max(100),
});
