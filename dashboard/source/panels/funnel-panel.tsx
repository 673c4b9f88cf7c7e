import { count, words } from "../format.ts";
import { Panel } from "../parts/panel.tsx";
import { Track } from "../parts/track.tsx";
import type { FunnelView, StageView } from "../view.ts";

/** Why there are no trades, if there are none; who got how far, and what stopped the others. */
export const FunnelPanel = ({ funnel, failure }: FunnelPanelProps) => {
  const most = Math.max(1, ...(funnel?.stages ?? []).map(({ passed }) => passed));
  const session = funnel === undefined ? [] : [`session ${funnel.session}`];
  return (
    <Panel
      id="funnel"
      title="Funnel"
      failure={failure}
      note={["logarithmic bars", ...session].join(", ")}
    >
      {funnel === undefined ? (
        <p class="empty">Nothing has been counted yet.</p>
      ) : (
        <>
          <p class={`funnel-answer tone-${funnel.tone}`}>{funnel.sentences.join(" ")}</p>
          <ol class="stages">
            {funnel.stages.map((stage) => (
              <Stage key={stage.name} stage={stage} most={most} />
            ))}
          </ol>
        </>
      )}
    </Panel>
  );
};

/** What the panel shows. */
export type FunnelPanelProps = {
  readonly funnel: FunnelView | undefined;
  readonly failure: string | null;
};

const REASONS_SHOWN = 5;

const Stage = ({ stage, most }: { readonly stage: StageView; readonly most: number }) => (
  <li>
    <span>{words(stage.name)}</span>
    <Track
      kind="stage-track"
      part={scaled(stage.passed, most)}
      mark={stage.passed === 0 ? "none" : ""}
    />
    <span class="number strong">{count(stage.passed)}</span>
    {stage.stopped.length === 0 ? null : (
      <span class="stage-reasons">
        {stage.stopped.slice(0, REASONS_SHOWN).map((stop) => (
          <span key={stop.reason}>
            <b>{count(stop.count)}</b> {words(stop.reason)}
          </span>
        ))}
        {stage.stopped.length > REASONS_SHOWN ? (
          <span>and {stage.stopped.length - REASONS_SHOWN} more reasons</span>
        ) : null}
      </span>
    )}
  </li>
);

/** On a logarithmic scale, so that ten fills are seen beside ten thousand quotes. */
const scaled = (passed: number, most: number): number =>
  passed === 0 ? 0 : Math.log10(passed + 1) / Math.log10(most + 1);
