import type { Condition, CustomObject, CustomStatus } from '../kubernetes/custom-object.ts';
import type { Outcome } from './outcome.ts';

/** Longest message that is told; a document of many faults would fill the object. */
const MAX_MESSAGE = 4_000;

/** The status that an outcome makes; undefined where the object has it already, so that nothing is written. */
export function statusFor(
  { metadata, status = {} }: CustomObject,
  outcome: Outcome,
  now: Date,
): CustomStatus | undefined {
  const observedGeneration = metadata.generation ?? 0;
  const told = { observedGeneration, reason: outcome.reason, message: shorten(outcome.message) };
  const conditions = (['Synced', 'Ready'] as const).map((type): Condition => {
    const value = (type === 'Synced' ? outcome.synced : outcome.ready) ? 'True' : 'False';
    const former = status.conditions?.find((condition) => condition.type === type);
    const lastTransitionTime = former?.status === value ? former.lastTransitionTime : seconds(now);
    // A document that is stored says so, also where it is not ready for another reason.
    const text = type === 'Synced' && outcome.synced ? { ...told, reason: 'Synced', message: STORED } : told;
    return { type, status: value, ...text, lastTransitionTime };
  });
  const secretName = outcome.secretName ?? status.secretName;
  const next: CustomStatus = { observedGeneration, conditions, ...(secretName !== undefined && { secretName }) };
  return isSame(status, next) ? undefined : next;
}

const STORED = 'the control plane has the document';

function shorten(message: string): string {
  return message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE)} ...`;
}

/** Times of objects have no fractions. */
function seconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

function isSame(left: CustomStatus, right: CustomStatus): boolean {
  return canonical(left) === canonical(right);
}

function canonical({ observedGeneration, secretName, conditions = [] }: CustomStatus): string {
  const told = conditions.map((condition) => [
    condition.type,
    condition.status,
    condition.reason,
    condition.message,
    condition.observedGeneration,
  ]);
  return JSON.stringify([observedGeneration, secretName, told]);
}
