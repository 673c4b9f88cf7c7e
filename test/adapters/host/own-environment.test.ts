import { createHostClock } from "../../../shared/adapters/host/clock.ts";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync, existsSync } from "node:fs";
import { connect, createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createOwnEnvironment } from "../../../shared/adapters/host/own-environment.ts";

const bounds = { memoryBytes: 1, diskBytes: 1 };
let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "own-environment-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const environmentAt = (nowMs: number, temporaryDirectory = directory) =>
  createOwnEnvironment({
    clock: { nowMs: () => nowMs },
    bounds,
    temporaryDirectory,
    retire: () => undefined,
  });

/** Files are dated by the machine's own clock. */
const hostNowMs = createHostClock().nowMs;
const LATER_MS = 120_000;

describe("the environment of this process", () => {
  it("measures what lies in its temporary directory, deep down too", async () => {
    writeFileSync(join(directory, "one"), "x".repeat(1_000));
    mkdirSync(join(directory, "inner"));
    writeFileSync(join(directory, "inner", "two"), "x".repeat(500));
    expect(await environmentAt(hostNowMs()).measureDisk()).toEqual({ bytes: 1_500, files: 2 });
  });

  it("removes its own files, but neither what is new nor what a link leads to", async () => {
    const elsewhere = join(directory, "elsewhere");
    const temporary = join(directory, "temporary");
    mkdirSync(elsewhere);
    mkdirSync(temporary);
    writeFileSync(join(elsewhere, "kept"), "kept");
    symlinkSync(elsewhere, join(temporary, "link"));
    writeFileSync(join(temporary, "old"), "old");
    expect(await environmentAt(hostNowMs(), temporary).cleanDisk()).toBe(0);
    expect(await environmentAt(hostNowMs() + LATER_MS, temporary).cleanDisk()).toBe(1);
    expect(existsSync(join(elsewhere, "kept"))).toBe(true);
    expect(existsSync(join(temporary, "old"))).toBe(false);
  });

  it("counts nothing where there is no directory", async () => {
    const environment = environmentAt(0, join(directory, "none"));
    expect(await environment.measureDisk()).toEqual({ bytes: 0, files: 0 });
    expect(await environment.cleanDisk()).toBe(0);
  });

  it("sees memory that is held and connections that stand", async () => {
    const { measureMemory } = environmentAt(0);
    const before = measureMemory();
    const held = Buffer.alloc(32 * 1_048_576, 1);
    expect(measureMemory().heldBytes - before.heldBytes).toBeGreaterThan(30 * 1_048_576);
    expect(held.length).toBeGreaterThan(0);
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("It has a port.");
    const socket = connect(address.port, "127.0.0.1");
    await once(socket, "connect");
    expect(measureMemory().connections).toBeGreaterThan(before.connections);
    socket.destroy();
    server.close();
  });
});
