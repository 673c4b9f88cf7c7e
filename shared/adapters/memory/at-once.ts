/** A port in memory whose answers are there at once, for a caller that needs no promise. */
export type AtOnce<Port> = {
  readonly [Name in keyof Port]: Port[Name] extends (...given: infer Given) => Promise<infer Answer>
    ? (...given: Given) => Answer
    : Port[Name];
};

/** The same port where some answers may take their time. */
export type Prompt<Port> = {
  readonly [Name in keyof Port]: Port[Name] extends (...given: infer Given) => Promise<infer Answer>
    ? (...given: Given) => Answer | Promise<Answer>
    : Port[Name];
};
