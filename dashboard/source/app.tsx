import { useEffect, useState } from "preact/hooks";
import { span } from "./format.ts";
import type { Change, TokenKeeper } from "./change.ts";
import { ChaosPanel } from "./panels/chaos-panel.tsx";
import { EquityPanel } from "./panels/equity-panel.tsx";
import { Figures } from "./panels/figures.tsx";
import { FunnelPanel } from "./panels/funnel-panel.tsx";
import { HealthPanel } from "./panels/health-panel.tsx";
import { IncidentPanel } from "./panels/incident-panel.tsx";
import { OrdersPanel } from "./panels/orders-panel.tsx";
import { PositionsPanel } from "./panels/positions-panel.tsx";
import { ScoresPanel } from "./panels/scores-panel.tsx";
import { DrillsPanel } from "./panels/drills-panel.tsx";
import { VendorsPanel } from "./panels/vendors-panel.tsx";
import { TopBar } from "./panels/top-bar.tsx";
import { ThemeButton } from "./parts/theme-button.tsx";
import { startPolling, type PollDeps, type Polled } from "./poll.ts";
import { PATHS, readView } from "./read-view.ts";
import type { TradingView, View } from "./view.ts";

/** Figures older than this are shown without colour. */
const STALE_MS = 6_000;
const NOTHING: Polled = { readings: {}, connection: "connecting", heardAtMs: null };

/** The whole page. It reads by itself, and says so when it cannot. */
export const App = ({ poll, change, tokens }: AppProps) => {
  const [polled, setPolled] = useState(NOTHING);
  const [nowMs, setNowMs] = useState(poll.nowMs());
  useEffect(() => startPolling(Object.values(PATHS), poll, setPolled), [poll]);
  useEffect(() => repeat(poll, () => setNowMs(poll.nowMs())), [poll]);

  const view = readView(polled);
  const ageMs = polled.heardAtMs === null ? null : Math.max(0, nowMs - polled.heardAtMs);
  const isStale = polled.connection !== "connecting" && (ageMs === null || ageMs > STALE_MS);
  useEffect(() => {
    document.title = titleOf(view, isStale);
  });
  return (
    <div class={isStale ? "is-stale" : ""}>
      <a class="skip" href="#main">
        Skip to the figures
      </a>
      <TopBar
        mode={view.mode}
        clock={view.clock}
        health={levelOf(view)}
        trading={view.account?.trading}
        data={view.vendors.value}
        broken={view.chaos.value?.current?.failure}
        connection={connectionOf(polled, isStale)}
      />
      <Banners view={view} isStale={isStale} ageMs={ageMs} />
      <Panels view={view} change={change} tokens={tokens} />
      <footer>
        <span>
          Times are New York's. Prices and money are US dollars. Equity is the broker's, read once a
          minute; what is unrealised is reckoned at our last quotes, so that they may differ for a
          minute.
        </span>
        <ThemeButton />
      </footer>
    </div>
  );
};

/** What the page stands on. */
export type AppProps = {
  readonly poll: PollDeps;
  readonly change: Change;
  readonly tokens: TokenKeeper;
};

type PanelsProps = Omit<AppProps, "poll"> & { readonly view: View };

const Panels = ({ view, change, tokens }: PanelsProps) => {
  const nowMs = view.clock?.nowMs;
  const { health, equity, funnel, scores, positions, orders, vendors, incident, chaos, drills } =
    view;
  return (
    <main id="main">
      <Figures
        account={view.account}
        equity={equity.value}
        lastCycle={view.lastCycle}
        oldestQuoteMs={view.oldestQuoteMs}
        nowMs={nowMs}
      />
      <IncidentPanel incident={incident.value} nowMs={nowMs} failure={incident.failure} />
      <div class="column column-wide">
        <EquityPanel equity={equity.value} failure={equity.failure} />
        <PositionsPanel positions={positions.value} failure={positions.failure} />
        <OrdersPanel orders={orders.value} failure={orders.failure} />
        <FunnelPanel funnel={funnel.value} failure={funnel.failure} />
        <VendorsPanel vendors={vendors.value} nowMs={nowMs} failure={vendors.failure} />
      </div>
      <div class="column column-narrow">
        <HealthPanel health={health.value} nowMs={nowMs} failure={health.failure} />
        <ChaosPanel chaos={chaos.value} failure={chaos.failure} change={change} tokens={tokens} />
        <DrillsPanel drills={drills.value} failure={drills.failure} />
      </div>
      <ScoresPanel scores={scores.value} nowMs={nowMs} failure={scores.failure} />
    </main>
  );
};

type BannersProps = {
  readonly view: View;
  readonly isStale: boolean;
  readonly ageMs: number | null;
};

/** What a person has to know before they read any figure. */
const Banners = ({ view, isStale, ageMs }: BannersProps) => (
  <div aria-live="polite">
    {isStale ? (
      <div class="banner">
        <p>
          Connection lost.{" "}
          {ageMs === null ? "Nothing was read yet." : `These figures are ${span(ageMs)} old.`}{" "}
          Trying again.
        </p>
      </div>
    ) : null}
    {view.account?.trading === undefined || view.account.trading.mode === "active" ? null : (
      <div class="banner">
        <p class={view.account.trading.mode === "halted" ? "" : "warn"}>
          {tradingText(view.account.trading)}
        </p>
      </div>
    )}
  </div>
);

const tradingText = ({ mode, reason, by }: TradingView): string =>
  `Trading is ${mode}: ${reason} (${by})`;

const connectionOf = (polled: Polled, isStale: boolean) => {
  if (polled.connection === "connecting") return { tone: "unknown", text: "Connecting" } as const;
  if (isStale) return { tone: "bad", text: "Connection lost" } as const;
  return polled.connection === "live"
    ? ({ tone: "good", text: "Live" } as const)
    : ({ tone: "warn", text: "Answers are missing" } as const);
};

const titleOf = ({ mode, health, incident }: View, isStale: boolean): string => {
  const level = isStale ? "connection lost" : (levelOf({ incident, health })?.level ?? "unknown");
  return `${(mode ?? "?").toUpperCase()} · ${level} · Holdfast`;
};

/** The timeline answers where health itself cannot be read, and then says that it is not OK. */
const levelOf = ({ incident, health }: Pick<View, "incident" | "health">) =>
  incident.failure === null && incident.value !== undefined ? incident.value : health.value;

/** Once a second, so that an age on the page grows while nothing arrives. */
const repeat = (poll: PollDeps, act: () => void): (() => void) => {
  let cancel = poll.after(1_000, function again() {
    act();
    cancel = poll.after(1_000, again);
  });
  return () => cancel();
};
