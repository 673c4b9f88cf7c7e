import type { Plant } from "./plant.ts";

const SCORE = "shared/use-cases/score-signals.ts";

/** Mistakes that leave a position standing that ought to be left: nothing is sent, and nothing fails. */
export const EXIT_PLANTS: readonly Plant[] = [
  {
    name: "backlog-sheds-what-is-held",
    file: SCORE,
    find: "  const unquoted = held.filter((known) => known.turn !== turn);",
    replace: "  const unquoted = isStale ? [] : held.filter((known) => known.turn !== turn);",
    why: "Under a backlog of market data, what is held is shed with what is too old to enter on.",
  },
  {
    name: "held-without-quote-passed-over",
    file: SCORE,
    find: "  const unquoted = held.filter((known) => known.turn !== turn);",
    replace: "  const unquoted = isStale ? held : [];",
    why: "While no vendor answers, nobody asks whether what is held is to be left.",
  },
  {
    name: "exits-need-flow",
    file: "shared/use-cases/decide/decide-symbol.ts",
    find: "  const exit = decideExit(input, score, basic, settings);",
    replace: `  const exit =
    score === undefined ? undefined : decideExit(input, score, basic, settings);`,
    why: "A symbol whose flow is missing is not left, although no exit needs flow.",
  },
  {
    name: "failed-exit-never-again",
    file: "shared/use-cases/decide/decided-intent.ts",
    find: "  const key = { strategy, account, symbol, sessionDate, barTimeMs: slotMs, side, leg, revision: 0 };",
    replace: `  const barTimeMs = purpose === "exit" ? (session?.opensAtMs ?? slotMs) : slotMs;
  const key = { strategy, account, symbol, sessionDate, barTimeMs, side, leg, revision: 0 };`,
    why: "An exit is named once a day: whatever became of it, no other one is ever made.",
  },
  {
    name: "end-of-day-forgotten",
    file: "shared/domain/signals/exit-rule.ts",
    find: "    nowMs >= session.closesAtMs - policy.beforeCloseMs || position.openedAtMs < session.opensAtMs\n",
    replace: "    position.openedAtMs < session.opensAtMs\n",
    why: "What is held near the close stays over night, with a stop that nobody watches.",
  },
  {
    name: "outage-publishes-nothing",
    file: "shared/use-cases/poll/fail-poll.ts",
    find: "  await publishQuotes(deps, shard, []);\n",
    replace: "",
    why: "While no vendor answers no message is sent, and no exit is decided.",
  },
];
