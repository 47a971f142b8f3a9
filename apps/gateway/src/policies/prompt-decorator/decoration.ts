import type { PromptDecorator } from '@penstock/contracts';
import type { z } from 'zod';

type Config = z.output<(typeof PromptDecorator)['params']>['promptDecoratorConfig'];

/** What is put into a prompt, and on which side of what is there. */
export interface Decoration {
  readonly decoration: Config['decoration'];
  readonly append: boolean;
}

export type DecorationMessage = Exclude<Config['decoration'], string>[number];

/** The request has no place for the decoration; the message is public. */
export class UndecoratedError extends Error {
  override readonly name = 'UndecoratedError';
}

export const noPlace = (): UndecoratedError => new UndecoratedError('Error extracting value from JSONPath');

/** The decoration as one text: the contents of its messages, line by line. */
export function textOf({ decoration }: Decoration): string {
  return typeof decoration === 'string' ? decoration : decoration.map(({ content }) => content).join('\n');
}

/** The messages of the decoration; a text is none. Throws UndecoratedError. */
export function messagesOf({ decoration }: Decoration): readonly DecorationMessage[] {
  if (typeof decoration !== 'string') return decoration;
  throw new UndecoratedError('A text cannot decorate a list of messages');
}

/** A text with the decoration on its side. */
export function decorateText(text: string, decoration: Decoration): string {
  return decoration.append ? `${text} ${textOf(decoration)}` : `${textOf(decoration)} ${text}`;
}

/** A list with more on one side. */
export function extend<Item>(list: readonly Item[], more: readonly Item[], append: boolean): readonly Item[] {
  return append ? [...list, ...more] : [...more, ...list];
}
