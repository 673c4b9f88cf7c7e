import { span, words } from "../format.ts";
import { Panel } from "../parts/panel.tsx";
import { Track } from "../parts/track.tsx";
import type { ScoreView } from "../view.ts";

const SCORE_MAX = 8;

/** Each symbol's score; opening one shows what it is made of. */
export const ScoresPanel = ({ scores, nowMs, failure }: ScoresPanelProps) => (
  <Panel
    id="scores"
    title="Scores"
    failure={failure}
    note="out of 8; open one for what it is made of"
  >
    {scores === undefined || scores.length === 0 ? (
      <p class="empty">Nothing has been scored yet.</p>
    ) : (
      <ul class="scores">
        {scores.map((score) => (
          <li key={score.symbol}>
            <details>
              <summary>
                <Score score={score} />
              </summary>
              <Breakdown score={score} nowMs={nowMs} />
            </details>
          </li>
        ))}
      </ul>
    )}
  </Panel>
);

/** What the panel shows. */
export type ScoresPanelProps = {
  readonly scores: readonly ScoreView[] | undefined;
  readonly nowMs: number | undefined;
  readonly failure: string | null;
};

const DIRECTION_MARK: Readonly<Record<string, string>> = { bullish: "▲", bearish: "▼" };

const Score = ({ score }: { readonly score: ScoreView }) => (
  <>
    <span class="strong">{score.symbol}</span>
    <span class="score-track" aria-hidden="true">
      <span class={score.isThrough ? "through" : ""} style={{ "--part": share(score.score) }} />
    </span>
    <span class="number strong">{score.score.toFixed(2)}</span>
    <span class="direction">
      <span aria-hidden="true">{DIRECTION_MARK[score.direction] ?? "–"}</span> {score.direction}
    </span>
  </>
);

const share = (score: number): string =>
  `${Math.min(100, Math.max(0, (score / SCORE_MAX) * 100)).toFixed(1)}%`;

type BreakdownProps = { readonly score: ScoreView; readonly nowMs: number | undefined };

const Breakdown = ({ score, nowMs }: BreakdownProps) => {
  const most = Math.max(0.01, ...score.components.map(({ value }) => Math.abs(value)));
  return (
    <div class="breakdown">
      {score.components.map(({ name, value }) => (
        <div key={name}>
          <span class="soft">{words(name)}</span>
          <Track
            kind="component-track"
            part={Math.abs(value) / most}
            mark={value < 0 ? "against" : ""}
          />
          <span class="number">{value.toFixed(3)}</span>
        </div>
      ))}
      <p>
        Freshness {score.freshness.toFixed(2)}
        {nowMs === undefined ? "" : `, scored ${span(nowMs - score.atMs)} ago`}.{" "}
        {outcomeText(score.outcome)}
      </p>
      {score.missing.length === 0 ? null : (
        <p>Without input: {score.missing.map(words).join(", ")}.</p>
      )}
    </div>
  );
};

/** An order's id as it is; `intended.positionHeld` as words. */
const outcomeText = (outcome: string): string => {
  if (outcome === "" || outcome.startsWith("hf_")) return outcome;
  const [stage = "", reason = ""] = outcome.split(".");
  return `Stopped before ${words(stage)}: ${words(reason)}.`;
};
