import { clockTime, span, words } from "../format.ts";
import { Chip } from "../parts/chip.tsx";
import { Panel } from "../parts/panel.tsx";
import type { IncidentView, TimelineEventView, TroubleView } from "../view.ts";

/** What is wrong, since when, what is done about it, when it was over, and how it came to that. */
export const IncidentPanel = ({ incident, nowMs, failure }: IncidentPanelProps) => {
  const isWell = incident?.tone === "good" && incident.broken === null;
  const isOld = nowMs !== undefined && nowMs - (incident?.events[0]?.atMs ?? 0) > CALM_AFTER_MS;
  return (
    <Panel
      id="incident"
      title="What is wrong, and what is done about it"
      failure={failure}
      mark={isWell && isOld ? "calm" : isWell ? "" : "stirred"}
      aside={incident === undefined ? undefined : <Level incident={incident} nowMs={nowMs} />}
    >
      {incident === undefined ? (
        <p class="empty">Not known yet.</p>
      ) : (
        <div class="incident">
          <Situation incident={incident} nowMs={nowMs} />
          <Timeline events={incident.events} />
        </div>
      )}
    </Panel>
  );
};

/** What is over stays in sight for a while. */
const CALM_AFTER_MS = 20 * 60_000;

/** What the panel shows. */
export type IncidentPanelProps = {
  readonly incident: IncidentView | undefined;
  /** The server's time. */
  readonly nowMs: number | undefined;
  readonly failure: string | null;
};

type SituationProps = {
  readonly incident: IncidentView;
  readonly nowMs: number | undefined;
};

const Level = ({ incident: { level, tone, sinceMs }, nowMs }: SituationProps) => (
  <Chip tone={tone} text={`${words(level)}${sinceText(sinceMs, nowMs)}`} />
);

const sinceText = (sinceMs: number | null, nowMs: number | undefined): string =>
  sinceMs === null || nowMs === undefined ? "" : ` for ${span(nowMs - sinceMs)}`;

const Situation = ({ incident, nowMs }: SituationProps) => {
  const { broken, troubles, healing, recovered, missing, isReadOnly } = incident;
  return (
    <div class="situation">
      {broken === null ? null : (
        <p class="notice tone-warn">
          <b>Broken on purpose: {words(broken.failure)}.</b> {broken.breaks} By {broken.by}, since{" "}
          {clockTime(broken.beganAtMs)}; ends by itself at {clockTime(broken.endsAtMs)}.
        </p>
      )}
      {isReadOnly ? (
        <p class="notice tone-bad">
          <b>Reading only.</b> The database cannot be relied on: nothing is ordered, nothing can be
          changed, and figures may be from before.
        </p>
      ) : null}
      {troubles.length === 0 ? <p class="soft">Every component is well.</p> : null}
      <ul class="troubles">
        {troubles.map((trouble) => (
          <Trouble key={trouble.component} trouble={trouble} nowMs={nowMs} />
        ))}
      </ul>
      {healing === null ? null : (
        <p class="soft">
          <b>Healing now: {words(healing.remedy)}</b>, since {clockTime(healing.sinceMs)}.{" "}
          {healing.detail}
        </p>
      )}
      {recovered === null ? null : (
        <p class="soft">
          Recovered last at {clockTime(recovered.atMs)}, after {span(recovered.tookMs)}.
        </p>
      )}
      {missing.length === 0 ? null : (
        <p class="failure">Cannot be read now: {missing.join(", ")}.</p>
      )}
    </div>
  );
};

type TroubleProps = { readonly trouble: TroubleView; readonly nowMs: number | undefined };

const Trouble = ({ trouble, nowMs }: TroubleProps) => (
  <li>
    <span class="strong">{trouble.component}</span>
    <Chip
      tone={trouble.tone}
      text={`${words(trouble.level)}${sinceText(trouble.sinceMs, nowMs)}`}
    />
    <p>{trouble.reason}</p>
    <p class="response">{trouble.response}</p>
  </li>
);

const Timeline = ({ events }: { readonly events: readonly TimelineEventView[] }) =>
  events.length === 0 ? (
    <p class="empty">Nothing has happened yet.</p>
  ) : (
    // A region that scrolls has to be reachable by keyboard.
    <div class="scroll timeline" tabIndex={0} role="region" aria-label="Timeline">
      <ol>
        {events.map((event) => (
          <li key={`${event.atMs}${event.kind}${event.title}`}>
            <time dateTime={new Date(event.atMs).toISOString()}>{clockTime(event.atMs)}</time>
            <Chip tone={event.tone} text={event.kind} />
            <span>
              <b>{event.title}</b>
              {event.detail === "" ? null : <span class="soft"> {event.detail}</span>}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
