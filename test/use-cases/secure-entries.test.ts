import { describe, expect, it } from "vitest";
import { createMemoryItemStore } from "../../shared/adapters/memory/item-store.ts";
import { createStoredSignedPolicies } from "../../shared/adapters/stored/signed-policies.ts";
import { createKeepConfiguration } from "../../shared/use-cases/keep-configuration.ts";
import { secureEntries } from "../../shared/use-cases/secure-entries.ts";
import { SIMULATED_SEAL, SIMULATED_SIGNER } from "../../simulation/world/simulated-seal.ts";
import { openWorld, TEN_MS, tradingCell } from "./cycle-world.ts";

describe("the way of entries to execution", () => {
  it("is closed while nothing is signed, and says once that it is open again", async () => {
    const world = openWorld();
    const { ports, settings, telemetry } = world;
    await world.save(tradingCell(settings, TEN_MS));
    const signing = {
      policies: createStoredSignedPolicies(createMemoryItemStore()),
      seal: SIMULATED_SEAL,
    };
    const sent: string[] = [];
    const way = secureEntries(
      { send: async (messages) => void sent.push(...messages.map(({ body }) => body)) },
      { ...ports, ...signing, settings },
    );
    const said = async () =>
      (await telemetry.loadEvidence("configuration", 9)).map(({ succeeded }) => succeeded);
    await way.send([{ body: "unsigned" }]);
    expect(await said()).toEqual([false]);
    const keeper = { ...ports, ...signing, signer: SIMULATED_SIGNER, settings };
    await createKeepConfiguration(keeper).adopt();
    world.advance(1_000);
    await way.send([{ body: "signed" }]);
    world.advance(1_000);
    await way.send([{ body: "again" }]);
    expect(sent).toEqual(["signed", "again"]);
    expect(await said()).toEqual([true, false]);
  });
});
