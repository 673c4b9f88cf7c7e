import type { Measurements } from "../use-cases/read/read-metrics.ts";

/** The media type of what `toOpenMetrics` writes. */
export const OPEN_METRICS_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/**
 * Writes metrics in the OpenMetrics text format 1.0. A family without samples is left out, and so
 * is a value that is no number; the text always ends as the format asks, so that a cut is noticed.
 */
export const toOpenMetrics = (families: readonly Measurements[]): string => {
  const lines: string[] = [];
  for (const { name, type, help, samples } of families) {
    const finite = samples.filter(({ value }) => Number.isFinite(value));
    if (finite.length === 0) continue;
    lines.push(`# TYPE ${name} ${type}`, `# HELP ${name} ${escape(help)}`);
    const sampleName = type === "counter" ? `${name}_total` : name;
    for (const { labels, value } of finite) lines.push(`${sampleName}${toLabels(labels)} ${value}`);
  }
  lines.push("# EOF");
  return `${lines.join("\n")}\n`;
};

const toLabels = (labels: Readonly<Record<string, string>>): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
};

const escape = (text: string): string =>
  text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
