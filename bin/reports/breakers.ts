import type * as z from "zod/mini";
import { BreakersBody } from "../../shared/adapters/holdfast-api/contract/market-data.ts";
import type { ExitCode, VerbContext, VerbInput } from "../verb.ts";
import { clockTime, modeBadge, paletteOf, span, table, type Palette } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

/** Lists the breakers; 1 where one is not closed, 2 where every vendor's is open. */
export const reportBreakers = (input: VerbInput, context: VerbContext): Promise<ExitCode> =>
  withApi<ExitCode>(input, context, async (api) => {
    const { body, text } = orFail(await api.read("/api/breakers", BreakersBody));
    if (input.isJson) context.write(`${text}\n`);
    else context.write(describe(body, paletteOf(context)));
    return exitCodeOf(body);
  });

type Body = z.infer<typeof BreakersBody>;

const exitCodeOf = ({ breakers }: Body): ExitCode => {
  const ofVendors = breakers.filter(({ name }) => name.endsWith(".snapshots"));
  if (ofVendors.length > 0 && ofVendors.every(({ state }) => state === "open")) return 2;
  return breakers.every(({ state }) => state === "closed") ? 0 : 1;
};

const describe = (body: Body, palette: Palette): string => {
  const { atMs, breakers, transitions } = body;
  const rows = breakers.map((breaker) => toCells(breaker, atMs, palette));
  const head = `${modeBadge(body.mode, palette)} Breakers\n${table(COLUMNS, rows, palette)}`;
  if (transitions.length === 0) return `${head}No breaker has changed its state.\n`;
  const changes = transitions.map(({ atMs: changedAtMs, name, from, to, reason }) => [
    clockTime(changedAtMs),
    name,
    `${stateText(from, palette)} to ${stateText(to, palette)}`,
    reason ?? "",
  ]);
  return `${head}\n${table(CHANGE_COLUMNS, changes, palette)}`;
};

const toCells = (
  breaker: Body["breakers"][number],
  atMs: number,
  palette: Palette,
): readonly string[] => [
  breaker.name,
  stateText(breaker.state, palette),
  breaker.sinceMs === null ? "-" : span(atMs - breaker.sinceMs),
  breaker.nextProbeMs === null
    ? breaker.state === "halfOpen"
      ? `${breaker.probesOut} out, ${breaker.probesSucceeded} good`
      : "-"
    : `in ${span(breaker.nextProbeMs - atMs)}`,
  breaker.failuresInARow.toString(),
  breaker.trips.toString(),
  // While all is well nothing is shared: that is not the same as no call.
  breaker.sinceMs === null ? "-" : breaker.calls.toString(),
  share(breaker.failureShare),
  share(breaker.slowShare),
  breaker.reason ?? "",
];

const share = (value: number | null): string =>
  value === null ? "-" : `${(value * 100).toFixed(0)} %`;

const stateText = (state: string, palette: Palette): string => {
  if (state === "closed") return palette.green(state);
  return state === "open" ? palette.red(state) : palette.yellow("half open");
};

const COLUMNS = [
  { title: "BREAKER", align: "left" },
  { title: "STATE", align: "left" },
  { title: "FOR", align: "right" },
  { title: "NEXT PROBE", align: "left" },
  { title: "FAILED IN A ROW", align: "right" },
  { title: "TRIPS", align: "right" },
  { title: "CALLS", align: "right" },
  { title: "FAILED", align: "right" },
  { title: "SLOW", align: "right" },
  { title: "WHY", align: "left" },
] as const;

const CHANGE_COLUMNS = [
  { title: "AT", align: "left" },
  { title: "BREAKER", align: "left" },
  { title: "CHANGE", align: "left" },
  { title: "WHY", align: "left" },
] as const;
