import type * as z from "zod/mini";
import { VendorsBody } from "../../shared/adapters/holdfast-api/contract/market-data.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";
import { levelText, modeBadge, paletteOf, span, table, type Palette } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

/** Lists the vendors; 0 only where all that were asked answered, 2 where nothing can be entered. */
export const reportVendors = (input: VerbInput, context: VerbContext): Promise<ExitCode> =>
  withApi<ExitCode>(input, context, async (api) => {
    const { body, text } = orFail(await api.read("/api/vendors", VendorsBody));
    if (input.isJson) context.write(`${text}\n`);
    else context.write(describe(body, paletteOf(context)));
    return exitCodeOf(body.dataMode);
  });

type Body = z.infer<typeof VendorsBody>;

const exitCodeOf = (dataMode: string | null): ExitCode => {
  if (dataMode === "full") return 0;
  return dataMode === "fewerVendors" ? 1 : 2;
};

const describe = (body: Body, palette: Palette): string => {
  const { dataMode, keptAtMs, atMs, vendors } = body;
  const mode = dataMode === null ? "not polled yet" : levelText(dataMode, palette);
  const kept = keptAtMs === null ? "" : `, figures of ${span(atMs - keptAtMs)} ago`;
  const head = `${modeBadge(body.mode, palette)} Market data: ${mode}${kept}\n`;
  const troubles = vendors
    .filter(({ reason }) => reason !== "")
    .map(({ vendor, reason }) => `${vendor}: ${reason}\n`);
  const rows = vendors.map((vendor) => toCells(vendor, atMs, palette));
  return `${head}${table(COLUMNS, rows, palette)}${troubles.join("")}`;
};

const toCells = (
  vendor: Body["vendors"][number],
  atMs: number,
  palette: Palette,
): readonly string[] => [
  vendor.vendor,
  useText(vendor),
  outcomeText(vendor.outcome, palette),
  milliseconds(vendor.p50Ms),
  milliseconds(vendor.p95Ms),
  vendor.dataAgeMs === null ? "-" : span(vendor.dataAgeMs),
  vendor.score.toString(),
  `${(vendor.agreement * 100).toFixed(0)} %`,
  `${vendor.requestsUsed}/${vendor.requestsPerMinute}`,
  `${vendor.answersOverKept}/${vendor.answers}`,
  breakerText(vendor, atMs, palette),
];

const milliseconds = (ms: number | null): string => (ms === null ? "-" : `${ms.toFixed(0)} ms`);

const useText = ({ use, prices, confirms }: Body["vendors"][number]): string => {
  const parts = [
    ...(prices > 0 ? [`prices ${prices}`] : []),
    ...(confirms > 0 ? [`confirms ${confirms}`] : []),
  ];
  return parts.length === 0 ? use : parts.join(", ");
};

const outcomeText = (outcome: string, palette: Palette): string => {
  if (outcome === "answered") return palette.green("answered");
  return outcome === "notNeeded" ? "not needed" : palette.red(outcome);
};

const breakerText = (
  { breaker, probesAtMs }: Body["vendors"][number],
  atMs: number,
  palette: Palette,
): string => {
  if (breaker === "closed") return palette.green(breaker);
  if (probesAtMs === null) return palette.yellow("half open");
  return palette.red(`open, probes in ${span(probesAtMs - atMs)}`);
};

const COLUMNS = [
  { title: "VENDOR", align: "left" },
  { title: "USED FOR", align: "left" },
  { title: "LAST", align: "left" },
  { title: "P50", align: "right" },
  { title: "P95", align: "right" },
  { title: "DATA AGE", align: "right" },
  { title: "SCORE", align: "right" },
  { title: "AGREES", align: "right" },
  { title: "QUOTA", align: "right" },
  { title: "KEPT CONNECTIONS", align: "right" },
  { title: "BREAKER", align: "left" },
] as const;
