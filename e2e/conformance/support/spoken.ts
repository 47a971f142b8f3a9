import { createHash } from 'node:crypto';
import type { JsonObject, OfferedTool } from './conversation.ts';

/** What the simulated model says and thinks. */
export const ANSWER = 'Water flows through the penstock and turns a turbine. Größe: 🌊 "quoted".';
export const THOUGHTS = 'The user wants to know about water. It flows down through the penstock, so I say that.';

/** What callers say: all that JSON has to escape, and a character outside the basic plane. */
export const SAID = 'How does "water" flow?\n\tÜber 🌊 \\ und zurück';

/** Of which the model calls the first. */
export const TOOLS: readonly OfferedTool[] = [
  {
    name: 'get_weather',
    description: 'Tells the weather of a city',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string', description: 'Name of the city' } },
      required: ['city'],
      additionalProperties: false,
    },
  },
  {
    name: 'list_cities',
    description: 'Lists cities',
    parameters: {
      type: 'object',
      properties: { country: { type: 'string' }, limit: { type: 'integer' } },
      required: ['country'],
    },
  },
];

/** A PNG of one pixel, as base64. */
export const IMAGE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/** What the model says of it when it arrived whole. */
export function describedImage(): string {
  const bytes = Buffer.from(IMAGE, 'base64');
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  return `image image/png ${bytes.length} bytes sha256:${digest}`;
}

export const SCHEMA: JsonObject = {
  type: 'object',
  properties: {
    city: { type: 'string' },
    days: {
      type: 'array',
      items: {
        type: 'object',
        properties: { rain: { type: 'number' } },
        required: ['rain'],
        additionalProperties: false,
      },
    },
    kind: { type: 'string', enum: ['dry', 'wet'] },
    sure: { type: 'boolean' },
  },
  required: ['city', 'days', 'kind', 'sure'],
  additionalProperties: false,
};
