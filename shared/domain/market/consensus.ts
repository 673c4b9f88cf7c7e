import type { Snapshot, ValidQuote, VendorName } from "./quote.ts";

/** What one vendor says of a symbol's price now, checked by itself. */
export type Word = {
  readonly quote: ValidQuote;
  /** Whether it has a bid and an ask of now; others confirm, but nothing is entered on them. */
  readonly isLive: boolean;
  /** Whether it may count as another's confirmation; what is late by contract may not. */
  readonly isWitness: boolean;
  /** Shares traded in the session before, as this vendor states it. */
  readonly previousVolume: number | undefined;
  /** Vendors that resell one exchange's own feed are one source. */
  readonly origin: string;
};

/** Who agrees with whom. */
export type Agreement = {
  /** The most preferred word that can be entered on and that others confirm. */
  readonly base: Word;
  /** The independent vendors that say the same; never empty. */
  readonly confirmedBy: readonly VendorName[];
  /** The vendors that say something else than those who agree. */
  readonly odd: readonly VendorName[];
};

/** The source of what a snapshot says, by which vendors are independent of each other. */
export const originOf = ({ source, origin }: Pick<Snapshot, "source" | "origin">): string =>
  origin ?? source;

/**
 * Finds the first word, in order of preference, that an independent one confirms: their prices are
 * within `toleranceRatio` of each other. `undefined` where no two agree: then none is believed.
 */
export const findAgreement = (
  words: readonly Word[],
  toleranceRatio: number,
): Agreement | undefined => {
  for (const base of words) {
    if (!base.isLive) continue;
    const confirming = words.filter(
      (word) =>
        word.isWitness &&
        word.origin !== base.origin &&
        word.quote.source !== base.quote.source &&
        isSame(word, base, toleranceRatio),
    );
    if (confirming.length === 0) continue;
    return {
      base,
      confirmedBy: confirming.map((word) => word.quote.source),
      odd: words
        .filter((word) => word.isWitness && !isSame(word, base, toleranceRatio))
        .map((word) => word.quote.source),
    };
  }
  return undefined;
};

const isSame = (left: Word, right: Word, toleranceRatio: number): boolean =>
  Math.abs(left.quote.mid - right.quote.mid) <=
  Math.min(left.quote.mid, right.quote.mid) * toleranceRatio;
