/** Which way evidence, a score or a decision points: the one spelling, everywhere. */
export type Direction = "bullish" | "bearish" | "neutral";

/** How evidence stands to the flow: neutral evidence or flow is neither aligned nor opposed. */
export type Alignment = "aligned" | "opposed" | "neither";

/** How `evidence` stands to `flow`. */
export const alignmentOf = (evidence: Direction, flow: Direction): Alignment => {
  if (evidence === "neutral" || flow === "neutral") return "neither";
  return evidence === flow ? "aligned" : "opposed";
};
