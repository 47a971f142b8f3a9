import { ResourceName } from '@penstock/contracts';
import { z } from 'zod';
import { type Schema, structuralSchema } from './structural-schema.ts';

/** The name of an object of Kubernetes, which documents are named like. */
export const OBJECT_NAME: Schema = structuralSchema(z.toJSONSchema(ResourceName) as Schema);
