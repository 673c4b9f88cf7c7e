/** A bug in Holdfast itself: an assertion that did not hold. Caught only at the edge. */
export class AssertionFault extends Error {
  override readonly name = "AssertionFault";
}

/** Throws `AssertionFault` with the sentence unless the condition holds. */
export function assert(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new AssertionFault(sentence);
}
