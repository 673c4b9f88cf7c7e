import { createHash, type KeyObject } from "node:crypto";

/*
 * ECDSA over P-256 of a digest that is given. Node signs messages alone, which it digests itself;
 * KMS takes either. For tests: neither fast nor guarded against those who measure time.
 */

const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const G: Point = [
  0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
];

type Point = readonly [bigint, bigint];

/** A signature in DER of a digest of 32 bytes by a private key of P-256. */
export const signDigest = (digest: Buffer, privateKey: KeyObject): Buffer => {
  const { d = "" } = privateKey.export({ format: "jwk" });
  const secret = toNumber(Buffer.from(d, "base64url"));
  const nonce = createHash("sha256").update(d).update(digest).digest();
  const k = (toNumber(nonce) % (N - 1n)) + 1n;
  const [x] = times(G, k);
  const r = x % N;
  const s = mod(inverse(k, N) * (toNumber(digest) + r * secret), N);
  const body = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
};

const mod = (value: bigint, modulus: bigint): bigint => ((value % modulus) + modulus) % modulus;

const toNumber = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString("hex")}`);

/** By Fermat: both moduli are prime. */
const inverse = (value: bigint, modulus: bigint): bigint => {
  let result = 1n;
  let base = mod(value, modulus);
  for (let exponent = modulus - 2n; exponent > 0n; exponent >>= 1n) {
    if ((exponent & 1n) === 1n) result = mod(result * base, modulus);
    base = mod(base * base, modulus);
  }
  return result;
};

const add = (one: Point, other: Point): Point => {
  const [x1, y1] = one;
  const [x2, y2] = other;
  const slope =
    x1 === x2
      ? mod((3n * x1 * x1 - 3n) * inverse(2n * y1, P), P)
      : mod((y2 - y1) * inverse(x2 - x1, P), P);
  const x3 = mod(slope * slope - x1 - x2, P);
  return [x3, mod(slope * (x1 - x3) - y1, P)];
};

const times = (point: Point, factor: bigint): Point => {
  let sum: Point | undefined;
  let doubled = point;
  for (let rest = factor; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) sum = sum === undefined ? doubled : add(sum, doubled);
    doubled = add(doubled, doubled);
  }
  if (sum === undefined) throw new Error("A factor is above zero.");
  return sum;
};

const integer = (value: bigint): Buffer => {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 1 ? `0${hex}` : hex, "hex");
  const positive = (bytes[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return Buffer.concat([Buffer.from([0x02, positive.length]), positive]);
};
