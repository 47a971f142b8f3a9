import type { ChatChunk } from './gateway-client.ts';

/** What a streamed chat said. */
export interface ChatStream {
  readonly chunks: readonly ChatChunk[];
  /** The text of all chunks. */
  readonly text: string;
  /** Whether `[DONE]` came. */
  readonly isDone: boolean;
}

/** Yields the data of each event as soon as it is complete; as `data: ...` on one line, which is all that OpenAI's form has. */
export async function* iterateData(response: Response): AsyncGenerator<string, void> {
  if (!response.body) throw new Error(`The answer with status ${response.status} has no body.`);
  let rest = '';
  const decoder = new TextDecoder();
  for await (const bytes of response.body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data:')) yield line.slice(5).trim();
  }
}

/** Reads to the end; throws when the connection breaks. */
export async function readChatStream(response: Response): Promise<ChatStream> {
  const data = await Array.fromAsync(iterateData(response));
  const chunks = data.filter((text) => text !== '[DONE]').map((text) => JSON.parse(text) as ChatChunk);
  const text = chunks.map((chunk) => chunk.choices?.[0]?.delta.content ?? '').join('');
  return { chunks, text, isDone: data.includes('[DONE]') };
}

/** Reads until something was generated, and then leaves. */
export async function leaveAfterFirstToken(response: Response): Promise<void> {
  for await (const data of iterateData(response)) {
    const chunk = data === '[DONE]' ? undefined : (JSON.parse(data) as ChatChunk);
    if (chunk?.choices?.[0]?.delta.content) return;
  }
}
