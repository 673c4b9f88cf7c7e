import type * as z from "zod";
import { FunnelBody } from "../../shared/adapters/holdfast-api/contract/funnel.ts";
import { ScoresBody } from "../../shared/adapters/holdfast-api/contract/scores.ts";
import { parseSessionDate } from "../../shared/domain/market/session-date.ts";
import { parseTicker } from "../../shared/domain/market/ticker.ts";
import { usageFault, type ExitCode, type VerbContext, type VerbInput } from "../verb.ts";
import { describeDecisions } from "./funnel-cycle.ts";
import { describeScore } from "./funnel-symbol.ts";
import { modeBadge, paletteOf, table, type Palette } from "./text.ts";
import { orFail, withApi } from "./with-api.ts";

const BAR_WIDTH = 24;

/** Draws the funnel: the answer first, then who got how far, what was near, how scores lie. */
export const reportFunnel = (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const { session, symbol, cycle } = input.options;
  if (symbol !== undefined || cycle === true) return reportDecisions(input, context);
  if (session !== undefined && parseSessionDate(String(session)) === undefined) {
    throw usageFault(`--session takes a date such as 2013-10-07, not ${String(session)}.`);
  }
  const query = session === undefined ? "" : `?session=${encodeURIComponent(String(session))}`;
  return withApi<ExitCode>(input, context, async (api) => {
    const { body, text } = orFail(await api.read(`/api/funnel${query}`, FunnelBody));
    if (input.isJson) {
      context.write(`${text}\n`);
      return 0;
    }
    const palette = paletteOf(context);
    context.write(
      [
        `${modeBadge(body.mode, palette)} Funnel of ${body.sessionDate}\n`,
        ...body.sentences.map((sentence) => `${tell(sentence, body, palette)}\n`),
        `\n${table(STAGE_COLUMNS, stageRows(body, palette), palette)}`,
        ...(body.nearest.length === 0 ? [] : [`\n${table(NEAR_COLUMNS, nearRows(body), palette)}`]),
        `\nScores 0 to 8  ${sparkline(body.distribution.bins)}  ${body.distribution.verdict}\n`,
      ].join(""),
    );
    return 0;
  });
};

/** What the last scoring decided: one symbol in full, or all of them by what stopped them. */
const reportDecisions = (input: VerbInput, context: VerbContext): Promise<ExitCode> => {
  const asked = input.options["symbol"];
  const symbol = asked === undefined ? undefined : parseTicker(String(asked).toUpperCase());
  if (asked !== undefined && symbol === undefined) {
    throw usageFault(`\`${String(asked)}\` is no symbol.`);
  }
  return withApi<ExitCode>(input, context, async (api) => {
    const { body } = orFail(await api.read("/api/scores", ScoresBody));
    const { threshold } = orFail(await api.read("/api/funnel", FunnelBody)).body;
    const scores = body.scores.filter((each) => symbol === undefined || each.symbol === symbol);
    if (input.isJson) {
      context.write(`${JSON.stringify({ mode: body.mode, threshold, scores })}\n`);
      return 0;
    }
    const palette = paletteOf(context);
    context.write(`${modeBadge(body.mode, palette)} `);
    const [score] = scores;
    if (symbol === undefined) context.write(describeDecisions(scores, palette));
    else if (score !== undefined) context.write(describeScore(score, threshold, palette));
    else context.write(`${symbol} was not scored: it had no valid quote, or is not traded.\n`);
    return 0;
  });
};

type Body = z.output<typeof FunnelBody>;

/** The answer to "is it usual" is the one to see first when it is not. */
const tell = (sentence: string, { sentences, expectation }: Body, palette: Palette): string => {
  if (sentence === sentences[0]) return palette.bold(sentence);
  const isAlarm = expectation.verdict === "abnormal" && sentence.startsWith("That is NOT");
  return isAlarm ? palette.red(sentence) : sentence;
};

const STAGE_COLUMNS = [
  { title: "STAGE", align: "left" },
  { title: "PASSED", align: "right" },
  { title: "", align: "left" },
  { title: "STOPPED HERE", align: "left" },
] as const;

const REASONS_SHOWN = 4;

const stageRows = ({ stages }: Body, palette: Palette): readonly (readonly string[])[] => {
  const most = Math.max(1, ...stages.map(({ passed }) => passed));
  return stages.map(({ stage, passed, stopped }) => [
    stage,
    passed.toString(),
    palette.cyan("█".repeat(barOf(passed, most))),
    [
      ...stopped.slice(0, REASONS_SHOWN).map(({ reason, count }) => `${count} ${reason}`),
      ...(stopped.length > REASONS_SHOWN ? [`${stopped.length - REASONS_SHOWN} more`] : []),
    ].join(", "),
  ]);
};

const NEAR_COLUMNS = [
  { title: "NEAREST", align: "left" },
  { title: "SCORE", align: "right" },
  { title: "GATE", align: "right" },
  { title: "DIRECTION", align: "left" },
  { title: "STOPPED BY", align: "left" },
] as const;

const nearRows = ({ nearest }: Body): readonly (readonly string[])[] =>
  nearest.map(({ symbol, score, threshold, direction, reasons }) => [
    symbol,
    score.toFixed(2),
    threshold.toFixed(2),
    direction,
    reasons.join(", "),
  ]);

/** On a logarithmic scale, so that ten fills are seen beside ten thousand quotes. */
const barOf = (passed: number, most: number): number =>
  passed === 0
    ? 0
    : Math.max(1, Math.round((Math.log10(passed + 1) / Math.log10(most + 1)) * BAR_WIDTH));

const SPARKS = "▁▂▃▄▅▆▇█";

/** A column for each half point. */
const sparkline = (bins: readonly number[]): string => {
  const most = Math.max(1, ...bins);
  return bins
    .map((count) => (count === 0 ? "·" : (SPARKS[Math.ceil((count / most) * 8) - 1] ?? "█")))
    .join("");
};
