import { assert } from "../../shared/domain/assert.ts";
import { sessionOf } from "../../shared/domain/market/calendar.ts";
import { createSeededFlow } from "../exchange/flow/seeded-flow.ts";
import { bySession, type FlowOfSession, type SessionFlow } from "../exchange/flow/session-flow.ts";
import { createRecordedFeed } from "../exchange/prices/recorded-feed.ts";
import type { RecordedDays } from "../recorded-days/recorded-day.ts";

/** The seeded flow that goes with a recording, each day's drawn when it is asked for. */
export const followRecording = (recorded: RecordedDays, seed: number): FlowOfSession =>
  bySession(createSeededFlow({ seed: seed.toString(), feed: createRecordedFeed(recorded) }));

/**
 * The same flow, drawn ahead: it stands in for a recording of flow, which would be read before the
 * first minute too. Holds some 12 KB a symbol and day, less than its recorded rows.
 */
export const drawRecordedFlow = (recorded: RecordedDays, seed: number): FlowOfSession => {
  const follow = followRecording(recorded, seed);
  const drawn = new Map(
    recorded.days.flatMap(({ date }) => {
      const session = sessionOf(date);
      return session === undefined ? [] : [[date, drawAll(follow(session), recorded)]];
    }),
  );
  return ({ date }) => {
    const flow = drawn.get(date);
    assert(flow !== undefined, "A replay asks for the flow of recorded days alone.");
    return flow;
  };
};

const drawAll = ({ tide, flowOf }: SessionFlow, { symbols }: RecordedDays): SessionFlow => {
  const bySymbol = new Map(symbols.map((symbol) => [symbol, flowOf(symbol)]));
  return {
    tide,
    flowOf: (symbol) => {
      const flow = bySymbol.get(symbol);
      assert(flow !== undefined, "A replay asks for the flow of recorded symbols alone.");
      return flow;
    },
  };
};
