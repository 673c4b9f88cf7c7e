import type {
  DiskMeasure,
  EnvironmentBounds,
  MemoryMeasure,
} from "../domain/healing/environment-watch.ts";

/** The environment that a function runs in: what it measures of itself, and can do with itself. */
export type OwnEnvironment = {
  readonly bounds: EnvironmentBounds;
  readonly measureMemory: () => MemoryMeasure;
  /** Never rejects: what cannot be read is not counted. */
  readonly measureDisk: () => Promise<DiskMeasure>;
  /** Removes what functions left in the temporary directory, nothing else; says how many files. */
  readonly cleanDisk: () => Promise<number>;
  /**
   * Ends the environment once the answer under way is delivered; the next event finds a new one.
   */
  readonly retire: () => void;
};
