import { useState } from "preact/hooks";
import type { Change, Changed, TokenKeeper } from "../change.ts";
import { clockTime, words } from "../format.ts";
import { Panel } from "../parts/panel.tsx";
import type { ChaosView } from "../view.ts";

/** Breaks something on purpose, where no order is real, and ends it. */
export const ChaosPanel = ({ chaos, failure, change, tokens }: ChaosPanelProps) => (
  <Panel
    id="chaos"
    title="Break something"
    failure={failure}
    note="to see what happens; it ends by itself"
  >
    {chaos === undefined ? (
      <p class="empty">Not known yet.</p>
    ) : chaos.refusal === null ? (
      <Controls chaos={chaos} change={change} tokens={tokens} />
    ) : (
      <p class="soft">{chaos.refusal}</p>
    )}
  </Panel>
);

/** What the panel shows, and how it changes something. */
export type ChaosPanelProps = {
  readonly chaos: ChaosView | undefined;
  readonly failure: string | null;
  readonly change: Change;
  readonly tokens: TokenKeeper;
};

type ControlsProps = Omit<ChaosPanelProps, "chaos" | "failure"> & { readonly chaos: ChaosView };

const FIRST = "vendor_down";
const MINUTES = [5, 10, 15, 30, 60];

const Controls = ({ chaos, change, tokens }: ControlsProps) => {
  const [chosen, setChosen] = useState(FIRST);
  const [minutes, setMinutes] = useState(10);
  const [hasToken, setHasToken] = useState(tokens.token() !== null);
  const [isBusy, setIsBusy] = useState(false);
  const [said, setSaid] = useState<Changed | undefined>(undefined);
  const what = chaos.failures.find(({ failure }) => failure === chosen);
  const ask = async (path: string, wish: object): Promise<void> => {
    setIsBusy(true);
    setSaid(await change(path, wish));
    setIsBusy(false);
  };
  const { current } = chaos;
  return (
    <div class="controls">
      {hasToken ? null : <Token tokens={tokens} onKept={() => setHasToken(true)} />}
      <label>
        <span>What</span>
        <select value={chosen} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
          {chaos.failures.map(({ failure }) => (
            <option key={failure} value={failure}>
              {words(failure)}
            </option>
          ))}
        </select>
      </label>
      {what?.isOnce === true ? null : (
        <label>
          <span>For</span>
          <select
            value={minutes}
            onChange={({ currentTarget }) => setMinutes(Number(currentTarget.value))}
          >
            {MINUTES.map((each) => (
              <option key={each} value={each}>
                {each} minutes
              </option>
            ))}
          </select>
        </label>
      )}
      <p class="soft">{what?.breaks ?? ""}</p>
      <div class="buttons">
        <button
          type="button"
          class="button button-danger"
          disabled={isBusy || !hasToken || current !== null}
          onClick={() => void ask("api/chaos/inject", { failure: chosen, minutes })}
        >
          Break it
        </button>
        <button
          type="button"
          class="button"
          disabled={isBusy || !hasToken || current === null}
          onClick={() => void ask("api/chaos/clear", {})}
        >
          End it
        </button>
      </div>
      <p class="note" aria-live="polite">
        {said?.isDone === false
          ? said.sentence
          : current === null
            ? "Nothing is broken on purpose."
            : `${words(current.failure)} is broken until ${clockTime(current.endsAtMs)}.`}
      </p>
    </div>
  );
};

type TokenProps = { readonly tokens: TokenKeeper; readonly onKept: () => void };

/** Asked for once in a tab; the address that the terminal prints brings it along. */
const Token = ({ tokens, onKept }: TokenProps) => (
  <label>
    <span>Token</span>
    <input
      type="password"
      autocomplete="off"
      placeholder="the operator's: terminal or tokens.json"
      onChange={({ currentTarget }) => {
        const token = currentTarget.value.trim();
        if (token === "") return;
        tokens.keep(token);
        onKept();
      }}
    />
  </label>
);
