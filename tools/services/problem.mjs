/** A fault that the user can act on: the message is one complete sentence and is shown without a stack. */
export class Problem extends Error {
  name = 'Problem';
}
