import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "../../../shared/adapters/http/parse-json.ts";
import { parseTimestamp } from "../../../shared/adapters/http/parse-timestamp.ts";
import { retryAtMs } from "../../../shared/adapters/http/retry-at.ts";
import { roundDecimal } from "../../../shared/adapters/http/round-decimal.ts";
import { plainText } from "../../../shared/adapters/http/safe-text.ts";

describe("parseJson", () => {
  it("keeps every digit of a whole number, as text once it is beyond 2^53 (defect 16)", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), (integer) => {
        const parsed = parseJson(`{"t":${integer}}`);
        expect(parsed.ok && String(Reflect.get(Object(parsed.value), "t"))).toBe(`${integer}`);
      }),
    );
  });

  it("reads everything else as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!/\d{16}/.test(text));
        const value: unknown = JSON.parse(text);
        expect(parseJson(text)).toEqual({ ok: true, value });
      }),
    );
  });

  it("changes nothing within a text, whatever long numbers it holds", () => {
    const digits = fc.stringMatching(/^[1-9]\d{15,19}$/);
    const around = fc.constantFrom(":", ",", "[", "]", "}", '"', '\\"', "\\", " ", "a", '":');
    const sentence = fc.tuple(around, digits, around).map((parts) => parts.join(""));
    const strings = fc.oneof(sentence, fc.string());
    fc.assert(
      fc.property(fc.dictionary(strings, fc.array(strings)), digits, (texts, number) => {
        const text = `{"texts":${JSON.stringify(texts)},"number":[ ${number} ]}`;
        const value: unknown = JSON.parse(JSON.stringify(texts));
        const kept = Number.isSafeInteger(Number(number)) ? Number(number) : number;
        expect(parseJson(text)).toEqual({ ok: true, value: { texts: value, number: [kept] } });
      }),
      { numRuns: 500 },
    );
  });

  it("never throws on text that is not JSON", () => {
    expect(parseJson("<html>")).toEqual({ ok: false, error: "notJson" });
    fc.assert(fc.property(fc.string(), (text) => void parseJson(text)));
  });
});

/** After a time of another minute, so that nothing is remembered of this one. */
const alone = (text: string): number | undefined => {
  parseTimestamp("1999-12-31T00:00:00Z");
  return parseTimestamp(text);
};

describe("parseTimestamp", () => {
  it("reads what the host's dates write, with any fineness down to nanoseconds", () => {
    const date = fc.date({
      min: new Date("1970-01-01T00:00:00Z"),
      max: new Date("2199-12-31T00:00:00Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, fc.integer({ min: 0, max: 999_999 }), (moment, nanoseconds) => {
        const finer = nanoseconds.toString().padStart(6, "0");
        const text = moment.toISOString().replace("Z", `${finer}Z`);
        expect(parseTimestamp(text)).toBe(moment.getTime());
      }),
    );
  });

  it("reads each time as if it were the only one, whichever came before", () => {
    const text = fc
      .tuple(
        fc.constantFrom("2025-06-24T14:15", "2025-06-24T14:16", "2025-06-24t14:15"),
        fc.string(),
      )
      .map(([minute, rest]) => minute + rest);
    const times = fc.constantFrom("2025-06-24T14:15:22Z", "2024-02-29T23:59:59.5+01:00");
    fc.assert(
      fc.property(fc.array(fc.oneof(times, text)), (texts) => {
        const inOrder = texts.map((each) => parseTimestamp(each));
        expect(inOrder).toEqual(texts.map((each) => alone(each)));
      }),
    );
  });

  it("honours the offset", () => {
    expect(parseTimestamp("2025-06-24T14:15:22-04:00")).toBe(Date.UTC(2025, 5, 24, 18, 15, 22));
    expect(parseTimestamp("2025-06-24T14:15:22+0530")).toBe(Date.UTC(2025, 5, 24, 8, 45, 22));
  });

  it.each([
    "2025-06-24T14:15:22",
    "2025-02-29T00:00:00Z",
    "2025-06-24T24:00:00Z",
    "2025-06-24",
    "1750774522",
    "",
  ])("refuses %j, which is no moment", (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });
});

describe("roundDecimal", () => {
  it("is at most half a unit away from what was written", () => {
    const decimal = fc.tuple(
      fc.constantFrom("", "-"),
      fc.bigInt({ min: 0n, max: 9_999_999_999n }),
      fc.stringMatching(/^\d{1,20}$/),
    );
    fc.assert(
      fc.property(decimal, fc.constantFrom(4, 6), ([sign, whole, fraction], scale) => {
        const units = roundDecimal(`${sign}${whole}.${fraction}`, scale);
        if (units === undefined) return;
        const exact = BigInt(`${sign}${whole}${fraction.padEnd(20, "0")}`);
        const error = BigInt(units) * 10n ** BigInt(20 - scale) - exact;
        const half = 5n * 10n ** BigInt(19 - scale);
        expect(error <= half && error >= -half).toBe(true);
      }),
    );
  });

  it("rounds an amount that is finer than ours and refuses what is no decimal", () => {
    expect(roundDecimal("122011.09751111286868", 6)).toBe(122_011_097_511);
    expect(roundDecimal("-0.00005", 4)).toBe(-1);
    expect(roundDecimal("-0.00004", 4)).toBe(0);
    for (const text of ["", ".5", "1e3", "NaN", "0x10", " 1", "9007199254740993", "1,000"]) {
      expect(roundDecimal(text, 4)).toBeUndefined();
    }
  });
});

describe("retryAtMs", () => {
  it("prefers the reset in epoch seconds, then the wait in seconds", () => {
    const headers = { "x-ratelimit-reset": "1700000030", "retry-after": "7" };
    expect(retryAtMs(headers, 1_700_000_000_000)).toBe(1_700_000_030_000);
    expect(retryAtMs({ "retry-after": "7" }, 1_000)).toBe(8_000);
    expect(retryAtMs({ "x-ratelimit-reset": "5" }, 9_000)).toBe(9_000);
  });

  it("reads the one form of a date that servers still write", () => {
    const headers = { "retry-after": "Mon, 07 Oct 2013 13:42:00 GMT" };
    const nowMs = Date.UTC(2013, 9, 7, 13, 41, 30);
    expect(retryAtMs(headers, nowMs)).toBe(nowMs + 30_000);
    expect(retryAtMs({ "retry-after": "Mon, 99 Oct 2013 13:42:00 GMT" }, nowMs)).toBeUndefined();
  });

  it("waits as long as either of them says, where both say something", () => {
    const nowMs = 1_700_000_000_000;
    const wait = (reset: string, after: string) =>
      retryAtMs({ "x-ratelimit-reset": reset, "retry-after": after }, nowMs)! - nowMs;
    expect(wait("1700000007", "30")).toBe(30_000);
    // Seconds that are left, and no moment: some write the reset so.
    expect(wait("30", "30")).toBe(30_000);
    expect(wait("99999999999", "30")).toBe(30_000);
    expect(wait("1700000030", "soon")).toBe(30_000);
  });

  it("does not believe a vendor that says nothing sensible", () => {
    expect(retryAtMs({}, 0)).toBeUndefined();
    expect(retryAtMs({ "retry-after": "soon" }, 0)).toBeUndefined();
    expect(retryAtMs({ "x-ratelimit-reset": "99999999999" }, 0)).toBeUndefined();
  });
});

describe("plainText", () => {
  it("is one printable line of at most 200 characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        expect(plainText(text, [])).toMatch(/^[\x20-\x7e]{0,200}$/);
      }),
    );
  });

  it("never holds a secret, wherever in the text it stands", () => {
    const text = fc.string({ maxLength: 400 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(plainText(`${before}TOP-SECRET${after}`, ["TOP-SECRET"])).not.toContain(
          "TOP-SECRET",
        );
      }),
    );
  });
});
