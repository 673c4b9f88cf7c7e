import type { ComponentChildren } from "preact";

/** One part of the page with its title; a failed reading is said above what was known before. */
export const Panel = ({ id, title, note, failure, aside, mark = "", children }: PanelProps) => (
  <section class={`panel panel-${id} ${mark}`} aria-labelledby={id}>
    <header>
      <h2 id={id}>{title}</h2>
      {note === undefined ? null : <span class="note">{note}</span>}
      {aside === undefined ? null : <div class="push">{aside}</div>}
    </header>
    {failure === null ? null : <p class="failure">Not up to date: {failure}</p>}
    {children}
  </section>
);

/** What a panel shows. */
export type PanelProps = {
  readonly id: string;
  readonly title: string;
  readonly note?: string;
  /** Why the last reading failed; null if it did not. */
  readonly failure: string | null;
  readonly aside?: ComponentChildren;
  /** A class of its own. */
  readonly mark?: string;
  readonly children: ComponentChildren;
};
