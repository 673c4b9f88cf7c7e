/** How an environment of a function is, written by itself and only while something is wrong. */
export type EnvironmentReport = {
  readonly functionName: string;
  readonly isLeaking: boolean;
  readonly isDiskFull: boolean;
  /** One sentence with the figures. */
  readonly detail: string;
  readonly atMs: number;
};
