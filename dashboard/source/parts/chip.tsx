import type { Tone } from "../view.ts";

/** A short word with its tone; the tone has a shape of its own beside its colour. */
export const Chip = ({ tone, text, kind = "" }: ChipProps) => (
  <span class={`chip tone-${tone} ${kind}`}>{text}</span>
);

/** What a chip shows. */
export type ChipProps = {
  readonly tone: Tone;
  readonly text: string;
  readonly kind?: string;
};
