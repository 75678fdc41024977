import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { drawKey, PrivateKeys, publicKeyOf } from "../../../../src/kernel/wireguard/private-keys.js";

let scratch = "";
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "tsd-keys-"));
});
afterEach(() => rmSync(scratch, { recursive: true }));

const name = { network: "a".repeat(64), generation: 3 };
const keysIn = (): PrivateKeys => new PrivateKeys(join(scratch, "wireguard"));

test("the public key is that of RFC 7748 §6.1", () => {
  const alice = Buffer.from("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a", "hex");
  const published = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
  expect(Buffer.from(publicKeyOf(alice), "base64").toString("hex")).toBe(published);
});

test("a key is drawn in the form that the kernel keeps", () => {
  for (let draws = 50; draws > 0; draws--) {
    const key = drawKey();
    expect([key.length, (key[0] ?? 0) & 7, (key[31] ?? 0) & 0xc0]).toEqual([32, 0, 0x40]);
  }
});

test("a key is drawn once, for root alone, and goes for good", () => {
  const keys = keysIn();
  expect(keys.find(name)).toBe("is missing");
  expect(keys.findPublic(name)).toBeUndefined();
  const key = keys.require(name);
  expect(keys.require(name)).toEqual(key);
  expect(keys.findPublic(name)).toBe(publicKeyOf(key));
  expect(readFileSync(keys.pathOf(name), "utf8")).toBe(`${key.toString("base64")}\n`);
  expect([statSync(keys.directory).mode & 0o777, statSync(keys.pathOf(name)).mode & 0o777]).toEqual([0o700, 0o600]);
  expect(keys.require({ ...name, generation: 4 })).not.toEqual(key);
  keys.remove(name);
  keys.remove(name);
  expect(keys.find(name)).toBe("is missing");
});

test.each([
  ["was open to other users", (path: string) => chmodSync(path, 0o644)],
  ["is none", (path: string) => writeFileSync(path, "")],
  ["is none", (path: string) => writeFileSync(path, "x".repeat(70_000))],
  ["is none", (path: string) => writeFileSync(path, "AAAA\n")],
])("one that %s is drawn again", (why, spoil) => {
  const keys = keysIn();
  const before = keys.require(name);
  spoil(keys.pathOf(name));
  expect(keys.find(name)).toBe(why);
  expect(keys.require(name)).not.toEqual(before);
  expect(typeof keys.find(name)).toBe("object");
});
