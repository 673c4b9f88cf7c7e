/** What a benchmark has to reach, in its own unit. */
export type Goal = { readonly direction: "atLeast" | "atMost"; readonly value: number };

/** What was measured: our value, and that of a peer where there is one. */
export type Measurement = {
  readonly ours: number;
  readonly peer?: { readonly name: string; readonly value: number };
};

/** One thing that is measured; `measure` takes its own median over several runs. */
export type Benchmark = {
  /** Kebab-case; the word that names it on the command line. */
  readonly name: string;
  readonly unit: string;
  readonly goal: Goal | undefined;
  /** Throws `NotMeasurable` with a sentence when what it needs is not there. */
  readonly measure: (report: (note: string) => void) => Promise<Measurement>;
};

/** Something that a benchmark needs is missing or does not work. */
export class NotMeasurable extends Error {
  override readonly name = "NotMeasurable";
}

/** A measured benchmark as it is printed; what has no peer or no goal is null there. */
export type BenchmarkRow = {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer: string | null;
  readonly peerValue: number | null;
  /** Ours by the peer's. */
  readonly ratio: number | null;
  /** `">= 100000"` or `"<= 150"`, in the row's unit. */
  readonly goal: string | null;
  /** Whether ours meets the goal. */
  readonly ok: boolean | null;
};

/** Writes a measurement as a row. */
export const toRow = ({ name, unit, goal }: Benchmark, measured: Measurement): BenchmarkRow => {
  const ours = round(measured.ours);
  const peer = measured.peer;
  return {
    name,
    unit,
    ours,
    peer: peer?.name ?? null,
    peerValue: peer === undefined ? null : round(peer.value),
    ratio: peer === undefined ? null : round(measured.ours / peer.value),
    goal: goal === undefined ? null : `${goal.direction === "atLeast" ? ">=" : "<="} ${goal.value}`,
    ok: goal === undefined ? null : meets(ours, goal),
  };
};

const meets = (value: number, goal: Goal): boolean =>
  goal.direction === "atLeast" ? value >= goal.value : value <= goal.value;

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((left, right) => left - right);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (lower + upper) / 2;
};

/** Four digits that mean something; whole numbers from a thousand on. */
const round = (value: number): number =>
  Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(4));
