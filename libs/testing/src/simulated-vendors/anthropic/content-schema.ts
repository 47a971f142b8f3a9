import { z } from 'zod';
import { JsonObject } from '../json-object.ts';

/** Written by hand from the types of @anthropic-ai/sdk 1.12; unknown members are refused at every level, as the API does. */
export const CacheControl = z
  .strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() })
  .nullish();

const Citation = z.looseObject({ type: z.string(), cited_text: z.string() });
const CitationsConfig = z.strictObject({ enabled: z.boolean().optional() }).nullish();
const Caller = z.looseObject({ type: z.string() }).optional();

export const TextBlock = z.strictObject({
  type: z.literal('text'),
  text: z.string(),
  cache_control: CacheControl,
  citations: z.array(Citation).nullish(),
});

const UrlSource = z.strictObject({ type: z.literal('url'), url: z.string() });
const FileSource = z.strictObject({ type: z.literal('file'), file_id: z.string() });

export const ImageBlock = z.strictObject({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('base64'),
      media_type: z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp']),
      data: z.string(),
    }),
    UrlSource,
    FileSource,
  ]),
  cache_control: CacheControl,
  transformations: z.strictObject({ oversized_image: z.enum(['downsize', 'error']).optional() }).nullish(),
});

export const DocumentBlock = z.strictObject({
  type: z.literal('document'),
  source: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('base64'), media_type: z.literal('application/pdf'), data: z.string() }),
    z.strictObject({ type: z.literal('text'), media_type: z.literal('text/plain'), data: z.string() }),
    z.strictObject({
      type: z.literal('content'),
      content: z.union([z.string(), z.array(z.discriminatedUnion('type', [TextBlock, ImageBlock]))]),
    }),
    UrlSource,
    FileSource,
  ]),
  cache_control: CacheControl,
  citations: CitationsConfig,
  context: z.string().nullish(),
  title: z.string().nullish(),
});

const SearchResultBlock = z.strictObject({
  type: z.literal('search_result'),
  content: z.array(TextBlock),
  source: z.string(),
  title: z.string(),
  cache_control: CacheControl,
  citations: CitationsConfig,
});

const ToolReferenceBlock = z.strictObject({
  type: z.literal('tool_reference'),
  tool_name: z.string(),
  cache_control: CacheControl,
});

const ToolResultBlock = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
  content: z
    .union([
      z.string(),
      z.array(
        z.discriminatedUnion('type', [TextBlock, ImageBlock, SearchResultBlock, DocumentBlock, ToolReferenceBlock]),
      ),
    ])
    .optional(),
  is_error: z.boolean().optional(),
  cache_control: CacheControl,
  toolset_name: z.string().nullish(),
});

const ToolUseBlock = z.strictObject({
  type: z.literal('tool_use'),
  id: z.string().regex(/^[a-zA-Z0-9_-]+$/, "String should match pattern '^[a-zA-Z0-9_-]+$'"),
  name: z.string().min(1).max(200),
  input: JsonObject,
  cache_control: CacheControl,
  caller: Caller,
  toolset_name: z.string().nullish(),
});

const ThinkingBlock = z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() });
const RedactedThinkingBlock = z.strictObject({ type: z.literal('redacted_thinking'), data: z.string() });

/** What the server's own tools leave in a conversation. Only its outline is checked. */
const serverBlocks = [
  z.looseObject({ type: z.literal('server_tool_use'), id: z.string(), name: z.string(), input: z.json() }),
  ...(['web_search_tool_result', 'web_fetch_tool_result', 'code_execution_tool_result'] as const).map((type) =>
    z.looseObject({ type: z.literal(type), tool_use_id: z.string(), content: z.json() }),
  ),
] as const;

export const ContentBlock = z.discriminatedUnion('type', [
  TextBlock,
  ImageBlock,
  DocumentBlock,
  SearchResultBlock,
  ToolResultBlock,
  ToolUseBlock,
  ThinkingBlock,
  RedactedThinkingBlock,
  ...serverBlocks,
]);
export type ContentBlock = z.infer<typeof ContentBlock>;
