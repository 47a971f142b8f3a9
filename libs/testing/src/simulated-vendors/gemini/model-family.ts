/** Whether the family has the rules of Gemini 3: signatures are demanded. An unnamed family has them. */
export function isThinkingFamily(family: string): boolean {
  return !/gemini-[12]|gemma/.test(family);
}

/** Whether the family knows levels of thinking. */
export function knowsLevels(family: string): boolean {
  return isThinkingFamily(family);
}

/** Whether the family still takes a budget for thinking: those before 3.5. */
export function takesBudget(family: string): boolean {
  return !/gemini-(3\.[5-9]|[4-9])/.test(family);
}
