import { resolveValue } from '@penstock/secrets';
import type { z } from 'zod';
import type { ReferencedSecrets } from '../config/referenced-secrets.ts';
import { asWanted } from './wanted-types.ts';
import type { Policy } from './policy.ts';
import type { PolicyFactory, PolicyOwner, PolicyServices } from './policy-factory.ts';
import { factoryOf } from './policy-registry.ts';

/** What compiling policies needs beside what they may use. */
export interface PolicyCompileServices extends PolicyServices {
  /** What their parameters refer to. */
  readonly secrets: ReferencedSecrets;
}

/**
 * Makes a policy of its parameters, whose references are resolved first. Throws an Error that names the policy and what is wrong, and holds
 * no value of a secret.
 */
export function createPolicy(
  name: string,
  params: unknown,
  owner: PolicyOwner,
  { secrets, ...services }: PolicyCompileServices,
): Policy {
  const factory = factoryOf(name);
  if (!factory) throw new TypeError(`the policy '${name}' is not known to this gateway`);
  const { value, rendered } = resolved(name, params, secrets.of(owner.organizationId));
  if (rendered.length === 0) return factory.create(read(factory, params), owner, services);
  return ofSecrets(name, () =>
    factory.create(read(factory, asWanted(factory, value, rendered), true), owner, services),
  );
}

function resolved(name: string, params: unknown, sources: ReturnType<ReferencedSecrets['of']>) {
  try {
    return resolveValue(params, sources);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'a reference cannot be resolved';
    throw new TypeError(`the policy '${name}' cannot be run: ${reason}`, { cause: error });
  }
}

function read({ definition }: PolicyFactory, params: unknown, secret = false): z.output<z.ZodType> {
  const parsed = definition.params.safeParse(params);
  if (parsed.success) return parsed.data;
  const { path = [], message = '' } = parsed.error.issues[0] ?? {};
  const place = path.map(String).join('.');
  // Messages may tell what stands there.
  throw new WrongParameters(
    secret
      ? `the policy '${definition.name}' has wrong parameters once its references are resolved: ${place}`
      : `the policy '${definition.name}' has wrong parameters: ${place} ${message}`,
  );
}

class WrongParameters extends TypeError {
  override readonly name = 'WrongParameters';
}

/** What goes wrong with parameters that hold secrets is told without them. */
function ofSecrets(name: string, create: () => Policy): Policy {
  try {
    return create();
  } catch (error) {
    if (error instanceof WrongParameters) throw error;
    throw new TypeError(`the policy '${name}' cannot be run once its references are resolved`);
  }
}
