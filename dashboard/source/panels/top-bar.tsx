import { clockTime, dayOf, minuteTime, span, words } from "../format.ts";
import { Chip } from "../parts/chip.tsx";
import type { ClockView, HealthView, ModeView, Tone, TradingView, VendorsView } from "../view.ts";

/** What must never be overlooked: mode, market clock, health, trading state, connection. */
export const TopBar = ({ mode, clock, health, trading, broken, data, connection }: TopBarProps) => (
  <div class="bar">
    <div class="bar-row">
      <div class="brand">
        <img src="icon.svg" alt="" />
        Holdfast
      </div>
      <strong class={`mode mode-${mode ?? "unknown"}`} title={MODE_MEANING[mode ?? "unknown"]}>
        {(mode ?? "mode unknown").toUpperCase()}
      </strong>
      {clock === undefined ? null : <Clock clock={clock} />}
      <div class="bar-end">
        {broken === undefined ? null : (
          <Chip tone="warn" text={`Broken on purpose: ${words(broken)}`} kind="chip-large" />
        )}
        {data === undefined || data.tone === "good" || data.mode === null ? null : (
          <Chip tone={data.tone} text={`Data: ${words(data.mode)}`} kind="chip-large" />
        )}
        {trading === undefined ? null : (
          <Chip
            tone={TRADING_TONE[trading.mode] ?? "unknown"}
            text={`Trading ${trading.mode}`}
            kind="chip-large"
          />
        )}
        <Chip
          tone={health?.tone ?? "unknown"}
          text={health === undefined ? "Health unknown" : `Health ${words(health.level)}`}
          kind="chip-large"
        />
        <Chip tone={connection.tone} text={connection.text} kind="connection" />
      </div>
    </div>
    <div class="session" aria-hidden="true">
      {clock === undefined ? null : (
        <span style={{ "--part": `${(partOf(clock) * 100).toFixed(2)}%` }} />
      )}
    </div>
  </div>
);

/** What the bar shows; what is not known yet is undefined. */
export type TopBarProps = {
  readonly mode: ModeView | undefined;
  readonly clock: ClockView | undefined;
  readonly health: Pick<HealthView, "level" | "tone"> | undefined;
  readonly trading: TradingView | undefined;
  /** What is broken on purpose. */
  readonly broken: string | undefined;
  /** How good market data is. */
  readonly data: Pick<VendorsView, "mode" | "tone"> | undefined;
  readonly connection: { readonly tone: Tone; readonly text: string };
};

const MODE_MEANING = {
  sim: "Simulated exchange: no order leaves this machine.",
  shadow: "Real data, every decision, and no order is sent.",
  paper: "The broker's paper account: real data, no real money.",
  live: "Real money.",
  unknown: "The mode is not known yet.",
} as const;

const TRADING_TONE: Readonly<Record<string, Tone>> = {
  active: "good",
  reducing: "warn",
  halted: "bad",
};

const Clock = ({ clock }: { readonly clock: ClockView }) => (
  <div class="clock">
    <time class="clock-time" dateTime={new Date(clock.nowMs).toISOString()}>
      {clockTime(clock.nowMs)}
    </time>
    <span class="clock-zone">New York, {dayOf(clock.nowMs)}</span>
    <span class="clock-text">{phaseText(clock)}</span>
  </div>
);

const phaseText = (clock: ClockView): string => {
  const { nowMs, phase, opensAtMs, closesAtMs, nextOpenMs, isHalfDay } = clock;
  if (phase === "open" && closesAtMs !== null) {
    const half = isHalfDay ? " (half day)" : "";
    return `Open, closes ${minuteTime(closesAtMs)}${half} in ${span(closesAtMs - nowMs)}`;
  }
  const opens = phase === "preMarket" ? opensAtMs : nextOpenMs;
  const when = opens === null ? "" : `, opens ${dayOf(opens)} ${minuteTime(opens)}`;
  return `${PHASES[phase] ?? words(phase)}${when}`;
};

const PHASES: Readonly<Record<string, string>> = {
  closed: "Closed",
  preMarket: "Pre-market",
  afterHours: "After hours",
};

const partOf = ({ phase, nowMs, opensAtMs, closesAtMs }: ClockView): number =>
  phase === "open" && opensAtMs !== null && closesAtMs !== null
    ? (nowMs - opensAtMs) / (closesAtMs - opensAtMs)
    : 0;
