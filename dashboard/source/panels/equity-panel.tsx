import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { minuteTime, money } from "../format.ts";
import { Panel } from "../parts/panel.tsx";
import type { EquityView } from "../view.ts";

/** The account's value through the session. */
export const EquityPanel = ({ equity, failure }: EquityPanelProps) => (
  <Panel
    id="equity"
    title="Equity"
    failure={failure}
    note={equity === undefined || equity.length === 0 ? "" : rangeText(equity)}
  >
    {equity === undefined || equity.length < 2 ? (
      <p class="empty">The curve begins with the second reading of the account.</p>
    ) : (
      <Curve equity={equity} />
    )}
  </Panel>
);

/** What the panel shows. */
export type EquityPanelProps = {
  readonly equity: EquityView | undefined;
  readonly failure: string | null;
};

const rangeText = (equity: EquityView): string => {
  const values = equity.map((point) => point.equity);
  return `between ${money(Math.min(...values))} and ${money(Math.max(...values))} USD`;
};

const HEIGHT = 250;

const Curve = ({ equity }: { readonly equity: EquityView }) => {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const draw = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsFor(element), dataOf(equity), element);
    };
    draw();
    const sizes = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    sizes.observe(element);
    // Colours are drawn, not styled: a change of theme draws again.
    const theme = matchMedia("(prefers-color-scheme: dark)");
    const themes = new MutationObserver(draw);
    themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    theme.addEventListener("change", draw);
    return () => {
      sizes.disconnect();
      themes.disconnect();
      theme.removeEventListener("change", draw);
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, []);
  useEffect(() => plot.current?.setData(dataOf(equity)), [equity]);
  return <div class="chart" ref={host} role="img" aria-label={describe(equity)} />;
};

const describe = (equity: EquityView): string => {
  const first = equity[0];
  const last = equity.at(-1);
  return first === undefined || last === undefined
    ? "No equity yet."
    : `Equity went from ${money(first.equity)} at ${minuteTime(first.atMs)} to ${money(last.equity)} at ${minuteTime(last.atMs)}.`;
};

const dataOf = (equity: EquityView): uPlot.AlignedData => [
  equity.map(({ atMs }) => atMs / 1_000),
  equity.map((point) => point.equity),
];

/** The computed colour of a variable: the canvas knows no `light-dark()`. */
const colourOf = (element: HTMLElement, name: string): string => {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
};

const optionsFor = (element: HTMLElement): uPlot.Options => {
  const line = colourOf(element, "--line");
  const faint = colourOf(element, "--faint");
  const accent = colourOf(element, "--accent");
  const axis = { stroke: faint, grid: { stroke: line, width: 1 }, ticks: { show: false } };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [8, 8, 0, 0],
    cursor: { y: false, points: { size: 7 } },
    legend: { show: false },
    scales: { y: { range: (_plot, low, high) => spread(low, high) } },
    series: [
      {},
      {
        stroke: accent,
        width: 1.75,
        fill: accent.replace("rgb(", "rgba(").replace(")", ", 0.08)"),
        points: { show: false },
      },
    ],
    axes: [
      {
        ...axis,
        size: 34,
        incrs: TIME_STEPS,
        values: (_plot, ticks) => ticks.map((tick) => minuteTime(tick * 1_000)),
      },
      { ...axis, size: 84, values: (_plot, ticks) => ticks.map((tick) => money(tick)) },
    ],
  };
};

/** Seconds between two marks of time: they are labelled by the minute, so none is finer. */
const TIME_STEPS = [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 86_400];

/** Never tighter than a few dollars: a quiet account should look quiet. */
const spread = (low: number, high: number): [number, number] => {
  const margin = Math.max((high - low) * 0.12, 5);
  return [low - margin, high + margin];
};
