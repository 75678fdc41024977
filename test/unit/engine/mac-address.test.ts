import { describe, expect, test } from "@jest/globals";
import { parseMacAddress } from "../../../src/engine/mac-address.js";
import { failureOf } from "../store/support/temporary-store.js";

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
