import type { ExpectedFrame } from './golden-vector.ts';

/** The frames of a caller's stream, each whole; throws when the text ends within one. Stricter than any client's parser on purpose. */
export function readFrames(text: string): readonly ExpectedFrame[] {
  if (text === '') return [];
  if (!text.endsWith('\n\n')) throw new Error(`the stream ends within a frame: ${text.slice(-80)}`);
  return text.slice(0, -2).split('\n\n').map(readFrame);
}

function readFrame(frame: string): ExpectedFrame {
  const fields = frame.split('\n').map((line) => /^(event|data|): (.*)$/s.exec(line));
  const valueOf = (name: string): string | undefined => fields.find((field) => field?.[1] === name)?.[2];
  if (fields.includes(null)) throw new Error(`not a frame: ${frame}`);
  const event = valueOf('event');
  const data = valueOf('data');
  const comment = valueOf('');
  return {
    ...(comment !== undefined && { comment }),
    ...(event !== undefined && { event }),
    ...(data !== undefined && { data: data.startsWith('[') ? data : (JSON.parse(data) as ExpectedFrame['data'] & {}) }),
  };
}
