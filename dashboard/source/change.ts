/** What came of a wish, in a sentence for the person who had it. */
export type Changed = { readonly isDone: boolean; readonly sentence: string };

/** Changes something on the server, in the name of whoever the page was opened for. */
export type Change = (path: string, wish: object) => Promise<Changed>;

/** The token that lets the page change something: kept for this tab alone. */
export type TokenKeeper = {
  readonly token: () => string | null;
  readonly keep: (token: string) => void;
};

const KEY = "holdfast-token";
const IN_ADDRESS = /^#token=([\w-]{8,128})$/;

/**
 * Takes the token out of the address that the terminal printed (what stands behind `#` is never
 * sent anywhere), so that it is not seen over a shoulder, and keeps it until the tab is closed.
 */
export const createTokenKeeper = (): TokenKeeper => {
  const found = IN_ADDRESS.exec(location.hash)?.[1];
  let current = found ?? readKept();
  if (found !== undefined) {
    history.replaceState(null, "", location.pathname);
    keepFor(found);
  }
  return {
    token: () => current,
    keep: (token) => {
      current = token;
      keepFor(token);
    },
  };
};

// A browser may refuse storage; then the token lasts as long as the page.
const readKept = (): string | null => {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
};

const keepFor = (token: string): void => {
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // The page asks again after it was loaded anew.
  }
};

/** Asks the page's own server; a refusal is told in its words. */
export const createChange =
  (tokens: Pick<TokenKeeper, "token">): Change =>
  async (path, wish) => {
    const headers = {
      "content-type": "application/json",
      authorization: `Bearer ${tokens.token() ?? ""}`,
    };
    const body = JSON.stringify(wish);
    const answer = await fetch(path, { method: "POST", headers, body }).catch(() => undefined);
    if (answer === undefined) return { isDone: false, sentence: "The server does not answer." };
    if (answer.ok) return { isDone: true, sentence: "" };
    const problem: unknown = await answer.json().catch(() => undefined);
    const isProblem = typeof problem === "object" && problem !== null && "detail" in problem;
    const detail = isProblem ? String(problem.detail) : `The server answered ${answer.status}.`;
    return { isDone: false, sentence: detail };
  };
