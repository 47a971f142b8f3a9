import type { LlmProviderTemplateSpec } from '@penstock/contracts';
import type { z } from 'zod';

/** A built-in template as it is written down; what it leaves out gets its default. */
export type TemplateInput = Omit<z.input<typeof LlmProviderTemplateSpec>, 'managedBy'>;
