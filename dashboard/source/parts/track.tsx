/** A bar that is filled to a part of its width, 0 to 1; the figure stands beside it as text. */
export const Track = ({ kind, part, mark = "" }: TrackProps) => (
  <div class={kind} aria-hidden="true">
    <span class={mark} style={{ "--part": `${(clamp(part) * 100).toFixed(1)}%` }} />
  </div>
);

/** What a bar shows. */
export type TrackProps = {
  readonly kind: "stage-track" | "component-track";
  readonly part: number;
  readonly mark?: string;
};

const clamp = (part: number): number => Math.min(1, Math.max(0, part));
