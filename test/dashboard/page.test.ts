import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  makeStateDirectory,
  removeDirectory,
  startLocalWorld,
  type LocalWorld,
} from "../local/world/local-world.ts";

const CHROMIUM = "/usr/bin/chromium";
const hasBrowser = existsSync(CHROMIUM);

describe.skipIf(!hasBrowser)("the page in a browser (skipped where there is no Chromium)", () => {
  const state = makeStateDirectory();
  let world: LocalWorld;
  let browser: Browser;
  let url = "";

  beforeAll(async () => {
    world = startLocalWorld(["--state", state, "--speed", "20", "--for", "10m"]);
    url = await world.url();
    await world.waitFor(({ type }) => type === "orderFilled");
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    world?.kill("SIGKILL");
    await world?.ended;
    removeDirectory(state);
  });

  it.each([
    ["a desk, light", 1_440, "light"],
    ["a phone, dark", 390, "dark"],
  ] as const)(
    "shows mode, health and a filled order on %s, asks nobody else and overflows nowhere",
    async (_name, width, colorScheme) => {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      const problems: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error") problems.push(message.text());
      });
      page.on("pageerror", (error) => problems.push(error.message));
      page.on("request", (request) => {
        if (!request.url().startsWith(url)) problems.push(request.url());
      });
      await page.goto(url);
      await page.getByText("SIM", { exact: true }).waitFor();
      await page.locator(".components li").first().waitFor();
      await page.locator(".panel-orders .chip", { hasText: "filled" }).first().waitFor();
      // Two figures of one account that need not agree say where each is from.
      await page.getByText("by the broker", { exact: true }).waitFor();
      await page.getByText("at our last quotes", { exact: true }).waitFor();
      const overflow = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      expect(overflow).toBe(0);
      expect(problems).toEqual([]);
      await page.close();
    },
  );

  it("breaks what is fetched, and shows what changed, who is told, what helped and the recovery", async () => {
    const page = await browser.newPage();
    page.setDefaultTimeout(WAIT_MS);
    await page.goto(`${url}/#token=${operatorToken(state)}`);
    const chip = (text: string | RegExp) => page.locator(".bar .chip", { hasText: text }).first();
    const event = (text: string) => page.locator(".timeline b", { hasText: text }).first();
    await chip("Health ok").waitFor();

    await breakIt(page, "vendor_down");
    await chip("Broken on purpose: vendor down").waitFor();
    await chip("Data: fewer vendors").waitFor();
    await endIt(page);
    await chip(/^.?Data:/).waitFor({ state: "detached" });

    await expect.poll(() => healFlow(page), { timeout: 150_000, interval: 1 }).toBe(true);
    await chip("Health ok").waitFor();
    await event("Alert system-health-local is over").waitFor();
    await page.getByText("Recovered last at").waitFor();
    await page.close();
  }, 200_000);

  it("filters orders, opens a score by keyboard, and loses all colour when the world is gone", async () => {
    const page = await browser.newPage();
    await page.goto(url);
    const rows = page.locator(".panel-orders tbody tr");
    await rows.first().waitFor();
    const symbol = (await rows.first().locator(".strong").textContent()) ?? "";
    await page.getByLabel("Filter by symbol").selectOption(symbol);
    for (const text of await rows.locator(".strong").allTextContents()) expect(text).toBe(symbol);
    const summary = page.locator(".scores summary").first();
    await summary.focus();
    await page.keyboard.press("Enter");
    await page.locator(".scores details[open] .breakdown").waitFor();
    world.kill("SIGKILL");
    await page.getByText("Connection lost.").waitFor();
    expect(await page.locator(".is-stale").count()).toBe(1);
    expect(await page.title()).toContain("connection lost");
    await page.close();
  });
});

/** Longer than any of it takes, even on a machine that has much else to do. */
const WAIT_MS = 30_000;

const operatorToken = (state: string): string => {
  const tokens = JSON.parse(readFileSync(join(state, "tokens.json"), "utf8")) as {
    readonly operator: string;
  };
  return tokens.operator;
};

const breakIt = async (page: Page, failure: string): Promise<void> => {
  await page.locator(".panel-chaos select").first().selectOption(failure);
  await page.getByRole("button", { name: "Break it" }).click();
};

const endIt = async (page: Page): Promise<void> => {
  await page.getByRole("button", { name: "End it" }).click();
  await page.getByText("Nothing is broken on purpose.").waitFor();
};

/**
 * Breaks the flow, sees that it is told and healed, and ends it; true if the remedy helped. Where
 * the machine is so busy that it was judged before the cause was gone, it was right that it did not.
 */
const healFlow = async (page: Page): Promise<boolean> => {
  const event = (text: string) => page.locator(".timeline b", { hasText: text }).first();
  await page.locator(".bar .chip", { hasText: "Health ok" }).first().waitFor();
  await breakIt(page, "flow_down");
  await page.locator(".bar .chip", { hasText: "Health degraded" }).first().waitFor();
  await event("Alert, warning, handed over").waitFor();
  await page.locator(".incident", { hasText: "Healing now: refetch flow" }).waitFor();
  await endIt(page);
  try {
    await event("refetchFlow: helped").waitFor({ timeout: WAIT_MS / 2 });
    return true;
  } catch {
    return false;
  }
};
