import { render } from "preact";
import { App } from "./app.tsx";
import { createChange, createTokenKeeper } from "./change.ts";
import type { PollDeps } from "./poll.ts";

const poll: PollDeps = {
  read: async (path, signal) => {
    const answer = await fetch(path, { signal, cache: "no-store" }).catch((cause: unknown) => {
      // Each browser has words of its own for this, and none that a reader understands.
      throw new Error("the server does not answer", { cause });
    });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    return answer.json();
  },
  after: (delayMs, act) => {
    const timer = setTimeout(act, delayMs);
    return () => clearTimeout(timer);
  },
  nowMs: () => performance.now(),
};

const host = document.getElementById("app");
if (host !== null) {
  host.replaceChildren();
  const tokens = createTokenKeeper();
  render(<App poll={poll} change={createChange(tokens)} tokens={tokens} />, host);
}
