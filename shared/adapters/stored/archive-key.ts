import { assert } from "../../domain/assert.ts";

const KEY_LENGTH_MAX = 160;
const SEGMENT = "[A-Za-z0-9][A-Za-z0-9._=-]*";
const KEY = new RegExp(`^(?:${SEGMENT}/){0,15}${SEGMENT}$`);
const PREFIX = /^[A-Za-z0-9._=/-]*$/;

/**
 * Checks a key that an archive is to write or read: at most 16 segments of letters, digits and
 * `. _ = -`, joined by slashes, 160 characters together, none of which begins with a dot.
 */
export const checkArchiveKey = (key: string): void => {
  assert(key.length <= KEY_LENGTH_MAX && KEY.test(key), `This is no key of an archive: ${key}`);
};

/** Checks the beginning of keys that are to be listed; it may be empty. */
export const checkArchivePrefix = (prefix: string): void => {
  assert(
    prefix.length <= KEY_LENGTH_MAX && PREFIX.test(prefix),
    `No key of an archive begins so: ${prefix}`,
  );
};
