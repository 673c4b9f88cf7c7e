import { Metrics } from "@aws-lambda-powertools/metrics";
import type { FunctionMetrics } from "./metrics.ts";

/**
 * Metrics in CloudWatch's embedded metric format, one line an invocation, handed to `sink`
 * (standard output on AWS). Made with Powertools, in the namespace `Holdfast`.
 */
export const createPowertoolsMetrics = (
  functionName: string,
  mode: string,
  sink: (line: string) => void,
): FunctionMetrics => {
  const metrics = new Metrics({
    namespace: "Holdfast",
    serviceName: functionName,
    defaultDimensions: { mode },
  });
  return {
    add: (name, unit, value) => metrics.addMetric(name, unit, value),
    flush: () => {
      if (!metrics.hasStoredMetrics()) return;
      sink(JSON.stringify(metrics.serializeMetrics()));
      metrics.clearMetrics();
    },
  };
};
