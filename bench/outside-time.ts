/** Measures how long at least one call to the outside was under way. */
export type OutsideTime = {
  readonly reset: () => void;
  readonly readMs: () => number;
  readonly around: <Answer>(call: () => Promise<Answer>) => Promise<Answer>;
  /** The same port; the time of its calls is measured. */
  readonly wrap: <Port extends object>(port: Port) => Port;
};

/** Makes a measurement that starts at zero. */
export const createOutsideTime = (): OutsideTime => {
  let [outsideMs, calls, calledAtMs] = [0, 0, 0];
  const around: OutsideTime["around"] = async (call) => {
    if (calls === 0) calledAtMs = performance.now();
    calls++;
    try {
      return await call();
    } finally {
      calls--;
      if (calls === 0) outsideMs += performance.now() - calledAtMs;
    }
  };
  return {
    around,
    reset: () => {
      outsideMs = 0;
    },
    readMs: () => outsideMs,
    wrap: (port) =>
      new Proxy(port, {
        get: (target, name) => {
          const call: unknown = Reflect.get(target, name);
          if (typeof call !== "function") return call;
          return (...words: readonly unknown[]) =>
            around(async (): Promise<unknown> => Reflect.apply(call, target, [...words]));
        },
      }),
  };
};
