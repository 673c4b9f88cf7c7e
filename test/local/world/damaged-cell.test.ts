import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { createFileArchive } from "../../../shared/adapters/host/file-archive.ts";
import { openDatabase } from "../../../shared/adapters/sqlite/database.ts";
import { makeStateDirectory, removeDirectory, startLocalWorld } from "./local-world.ts";

const state = makeStateDirectory();
afterAll(() => removeDirectory(state));

const DAMAGED = "what was left of it";

it("comes back from a damaged control cell: kept aside, rebuilt, and exits only (S1)", async () => {
  const words = ["--state", state, "--speed", "60"];
  const first = startLocalWorld(words);
  await first.waitFor(({ type }) => type === "orderFilled");
  first.kill("SIGTERM");
  await first.ended;
  const database = openDatabase(join(state, "holdfast.db"));
  if (!database.ok) throw new Error(database.error.detail);
  const update = "UPDATE items SET document = ? WHERE partition = 'cell#main'";
  database.value.statement(update).run(DAMAGED);
  database.value.close();

  const second = startLocalWorld(words);
  await second.waitFor(({ type, isClean }) => type === "reconciled" && isClean === true);
  second.kill("SIGTERM");
  await second.ended;
  expect(second.lines().at(-1)).toMatchObject({ type: "stopped", tradingMode: "reducing" });
  const archive = createFileArchive(join(state, "archive"));
  const [key = ""] = await archive.list("corrupt/main/", 1);
  expect(JSON.parse((await archive.read(key)) ?? "{}")).toMatchObject({ text: DAMAGED });
}, 60_000);
