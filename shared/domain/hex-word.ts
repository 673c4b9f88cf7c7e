const HEX_OF_BYTE = Array.from({ length: 256 }, (_none, byte) =>
  byte.toString(16).padStart(2, "0"),
);

/** The eight hexadecimal digits of 32 bits, from a table of bytes: ids are written by the million. */
export const toHexWord = (word: number): string =>
  hexOf(word >>> 24) + hexOf((word >>> 16) & 255) + hexOf((word >>> 8) & 255) + hexOf(word & 255);

const hexOf = (byte: number): string => HEX_OF_BYTE[byte] ?? "";
