import { span, words } from "../format.ts";
import { Chip } from "../parts/chip.tsx";
import { Panel } from "../parts/panel.tsx";
import type { ComponentView, HealthView } from "../view.ts";

/** Every component with its level, its reason and how old the evidence is. */
export const HealthPanel = ({ health, nowMs, failure }: HealthPanelProps) => (
  <Panel
    id="health"
    title="Health"
    failure={failure}
    {...(health === undefined ? {} : { note: health.reason })}
  >
    {health === undefined || health.components.length === 0 ? (
      <p class="empty">No component has shown evidence yet.</p>
    ) : (
      <ul class="components">
        {health.components.map((component) => (
          <Component key={component.name} component={component} nowMs={nowMs} />
        ))}
      </ul>
    )}
  </Panel>
);

/** What the panel shows. */
export type HealthPanelProps = {
  readonly health: HealthView | undefined;
  /** The server's time: ages are counted on the clock that wrote the evidence. */
  readonly nowMs: number | undefined;
  readonly failure: string | null;
};

type ComponentProps = {
  readonly component: ComponentView;
  readonly nowMs: number | undefined;
};

const Component = ({ component, nowMs }: ComponentProps) => (
  <li>
    <span class="strong">
      {component.name} {component.isCritical ? null : <span class="note">supportive</span>}
    </span>
    <Chip tone={component.tone} text={words(component.level)} />
    <p>
      {component.reason} <span class="note">{ageOf(component, nowMs)}</span>
    </p>
  </li>
);

const ageOf = ({ evidenceAtMs }: ComponentView, nowMs: number | undefined): string => {
  if (evidenceAtMs === null) return "No evidence.";
  return nowMs === undefined ? "" : `${span(nowMs - evidenceAtMs)} ago`;
};
