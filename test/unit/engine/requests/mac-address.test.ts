import { describe, expect, test } from "@jest/globals";
import { macOfAddress, parseMacAddress } from "../../../../src/engine/requests/mac-address.js";
import { failureOf } from "../../store/support/temporary-store.js";

const shape = "it is not six bytes in hexadecimal";
const group = "it is the address of a group";

describe("a MAC address", () => {
  test.each([
    ["02:42:ac:11:00:02", "02:42:ac:11:00:02"],
    ["02-42-AC-11-00-02", "02:42:ac:11:00:02"],
    ["FE:FF:FF:FF:FF:FF", "fe:ff:ff:ff:ff:ff"],
    ["00:00:00:00:00:01", "00:00:00:00:00:01"],
  ])("%s is %s", (text, mac) => {
    expect(parseMacAddress(text)).toBe(mac);
  });

  test.each([
    ["", shape],
    ["02:42:ac:11:00", shape],
    ["02:42:ac:11:00:02:03", shape],
    ["02:42:ac-11-00-02", shape],
    ["2:42:ac:11:0:2", shape],
    ["0242ac110002", shape],
    ["0242.ac11.0002", shape],
    ["02:42:ac:11:00:0g", shape],
    [" 02:42:ac:11:00:02", shape],
    ["02:42:ac:11:00:02\n", shape],
    ["00-00-00-00-00-00", "it is no interface's"],
    ["01:00:5e:00:00:01", group],
    ["33:33:00:00:00:01", group],
    ["FF:FF:FF:FF:FF:FF", group],
  ])("%j is refused: %s", (text, why) => {
    expect(failureOf(() => parseMacAddress(text))).toMatchObject({
      kind: "invalid-input",
      code: "TSD_MAC_INVALID",
      message: `MAC address "${text}" is not usable: ${why}`,
      details: { value: text },
    });
  });
});

describe("the MAC address of an address", () => {
  const network = "1".repeat(64);

  test("is the same each time, unicast and locally administered", () => {
    expect(macOfAddress(network, "10.1.0.2/24")).toBe(macOfAddress(network, "10.1.0.2/24"));
    for (const address of ["10.1.0.2/24", "fd00::2/64", ""])
      expect(macOfAddress(network, address)).toMatch(/^[0-9a-f][26ae](:[0-9a-f]{2}){5}$/);
  });

  test("is no other's, of the network or of another", () => {
    const addresses = Array.from({ length: 65_536 }, (_, index) => `10.1.${index >> 8}.${index & 255}/16`);
    const inPattern = Array.from({ length: 10_000 }, (_, index) => {
      const [group, interfaceId] = [(index % 100).toString(16), Math.floor(index / 100).toString(16)];
      return `fd00::${group}:0:0:${interfaceId}/64`;
    });
    const all = [...addresses, ...inPattern];
    const macs = [network, "2".repeat(64)].flatMap((id) => all.map((address) => macOfAddress(id, address)));
    expect(new Set(macs).size).toBe(all.length * 2);
  });
});
