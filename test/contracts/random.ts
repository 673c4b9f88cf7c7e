import { describe, expect, it } from "vitest";
import type { Random } from "../../shared/ports/random.ts";

/** What every source of chance does. */
export const describeRandom = (name: string, createRandom: () => Random): void => {
  describe(name, () => {
    it("gives floats in [0, 1) that fill every tenth of it", () => {
      const random = createRandom();
      const tenths = new Set<number>();
      for (let draw = 0; draw < 2_000; draw++) {
        const value = random.next();
        expect(value >= 0 && value < 1).toBe(true);
        tenths.add(Math.floor(value * 10));
      }
      expect(tenths.size).toBe(10);
    });

    it("gives short ids of which no two are equal", () => {
      const random = createRandom();
      const ids = Array.from({ length: 5_000 }, () => random.id());
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.every((id) => id.length > 0 && id.length <= 36)).toBe(true);
    });
  });
};
