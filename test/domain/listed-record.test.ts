import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  keepNamed,
  listOf,
  toTable,
  withNamed,
  withoutNamed,
} from "../../shared/domain/listed-record.ts";

const aName = fc.stringMatching(/^[A-Z]{1,2}$/);
const aRecord = fc.dictionary(aName, fc.integer());

/** Names and values in their order, which decides what is done first. */
const inOrder = (
  record: Readonly<Record<string, number>>,
): readonly (readonly [string, number])[] => Object.entries(record);

describe("a listed record", () => {
  it("takes a value where a spread would, and loses one as a filter would", () => {
    fc.assert(
      fc.property(
        aRecord,
        fc.array(fc.tuple(aName, fc.integer(), fc.boolean())),
        (start, steps) => {
          let record: Readonly<Record<string, number>> = start;
          let plain: Readonly<Record<string, number>> = start;
          for (const [name, value, isAdded] of steps) {
            const before = inOrder(record);
            const next = isAdded ? withNamed(record, name, value) : withoutNamed(record, name);
            expect(inOrder(record)).toEqual(before);
            record = next;
            plain = isAdded
              ? { ...plain, [name]: value }
              : Object.fromEntries(Object.entries(plain).filter(([one]) => one !== name));
            expect(inOrder(record)).toEqual(inOrder(plain));
            expect(JSON.stringify(record)).toBe(JSON.stringify(plain));
            expect(listOf(record)).toEqual({
              names: Object.keys(plain),
              values: Object.values(plain),
            });
          }
        },
      ),
    );
  });

  it("keeps what is to be kept, in its order", () => {
    fc.assert(
      fc.property(aRecord, fc.integer(), (record, least) => {
        const kept = keepNamed(record, (_name, value) => value >= least);
        expect(inOrder(kept)).toEqual(inOrder(record).filter(([, value]) => value >= least));
      }),
    );
  });

  it("inherits no name", () => {
    const record = withNamed<number>({}, "A", 1);
    expect(record["constructor"]).toBeUndefined();
    expect(toTable<number>({ A: 1 })["toString"]).toBeUndefined();
  });
});
