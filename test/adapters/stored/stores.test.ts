import { createStoredLedger } from "../../../shared/adapters/stored/ledger.ts";
import { createStoredTelemetry } from "../../../shared/adapters/stored/telemetry.ts";
import { describeLedger } from "../../contracts/ledger.ts";
import { describeTelemetry } from "../../contracts/telemetry.ts";
import { createTextItemStore } from "./text-item-store.ts";

describeLedger("ledger through its codecs", async () => createStoredLedger(createTextItemStore()), {
  runs: 100,
  raceRuns: 200,
});

const store = createTextItemStore();
describeTelemetry(
  "telemetry through its codecs",
  async (region) => createStoredTelemetry(store, { region }),
  { runs: 100 },
);
