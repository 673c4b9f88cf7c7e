/** What a metric counts. */
type MetricUnit = "Count" | "Milliseconds";

/** Counts and times of one invocation; `flush` writes them, and forgets them. */
export type FunctionMetrics = {
  readonly add: (name: string, unit: MetricUnit, value: number) => void;
  readonly flush: () => void;
};

/** The metrics of a world that has none. */
export const noMetrics: FunctionMetrics = { add: () => undefined, flush: () => undefined };
