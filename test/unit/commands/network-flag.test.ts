import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseNetworkFlag } from "../../../src/commands/network-flag.js";
import { TsdError } from "../../../src/errors/tsd-error.js";

describe("--network", () => {
  test.each([
    ["web", { network: "web" }],
    ["host", { network: "host" }],
    ["container:www", { network: "container:www" }],
    ["ns:/run/netns/a=b,c", { network: "ns:/run/netns/a=b,c" }],
    ["name=web", { network: "web" }],
    ["ip=10.0.0.9,name=web,alias=a,alias=b", { network: "web", address: "10.0.0.9", aliases: ["a", "b"] }],
    [
      "name=web,ip6=fd00::9,mac-address=02:00:00:00:00:09",
      { network: "web", address6: "fd00::9", mac: "02:00:00:00:00:09" },
    ],
    ["host", { network: "host" }],
    ["ns:/run/netns/a:b", { network: "ns:/run/netns/a:b" }],
    [" name = web , alias = a ", { network: "web", aliases: ["a"] }],
    [
      'name=web,"driver-opt=sysctls=net.x=1,net.y=""2"""',
      { network: "web", options: { sysctls: 'net.x=1,net.y="2"' } },
    ],
    ['"name=web","alias=a,b"', { network: "web", aliases: ["a,b"] }],
    ["name=web,gw-priority=+4", { network: "web", gatewayPriority: 4 }],
    ["name=web,gw-priority=-4", { network: "web", gatewayPriority: -4 }],
    [
      "name=web,driver-opt=ifname=lan0,driver-opt=sysctls=net.x=1",
      { network: "web", options: { ifname: "lan0", sysctls: "net.x=1" } },
    ],
    [
      "web:ip=10.0.0.9,ip=fd00::9,mac=02:00:00:00:00:09",
      { network: "web", address: "10.0.0.9", address6: "fd00::9", mac: "02:00:00:00:00:09" },
    ],
    [
      "web:interface_name=lan0,host_interface_name=veth7",
      { network: "web", options: { ifname: "lan0", host_ifname: "veth7" } },
    ],
  ])("%s", (text, attachment) => {
    expect(parseNetworkFlag(text)).toEqual(attachment);
  });

  test.each([
    ["", /names no network$/],
    ["ip=10.0.0.9", /names no network$/],
    [":ip=10.0.0.9", /names no network$/],
    ["containr:www", /is neither a network nor a mode$/],
    ["web:", /is neither a network nor a mode$/],
    ["name=", /gives name no value$/],
    ["name=web,ip=", /gives ip no value$/],
    ["name=web,gw-prio=3", /has no key "gw-prio"$/],
    ["web:colour=red", /has no key "colour"$/],
    ["name=web,gw-priority=high", /^--network gw-priority "high" is not a whole number$/],
    ["name=web,=x", /has "=x" where a key and a value belong$/],
    ["web,alias=x", /has "web" where a key and a value belong$/],
    ["name=web,", /has "" where a key and a value belong$/],
    ["name=web,constructor=x", /has no key "constructor"$/],
    ["name=web,name=db", /gives both web and db for one thing$/],
    ["web:name=db", /gives both web and db for one thing$/],
    ["name=web,mac=02:00:00:00:00:01,mac-address=02:00:00:00:00:02", /gives both 02:.*:01 and 02:.*:02 for one thing$/],
    ["name=web,ip=fd00::1,ip6=fd00::2", /gives both fd00::1 and fd00::2 for one thing$/],
    ["name=web,driver-opt=ifname=a,interface_name=b", /gives one option twice$/],
    ["name=web,driver-opt=ifname", /^--network driver-opt "ifname" is not a key and a value$/],
    ['name=web,alias=a"b', /has a quote within a field$/],
    ['name=web,"alias=a', /has a quote within a field$/],
  ])("%s is refused", (text, message) => {
    expect(() => parseNetworkFlag(text)).toThrow(
      expect.objectContaining({ kind: "invalid-input", message: expect.stringMatching(message) }),
    );
  });

  test.each([
    ["name=web,ipp=10.0.0.9", "Did you mean ip?"],
    ["name=web,gw-priorty=1", "Did you mean gw-priority?"],
    ["name=web,interface-name=lan0", "Did you mean interface_name?"],
    ["web:colour=red", expect.stringContaining("Use one of: name, alias, ip,")],
  ])("%s: what is known is told", (text, hint) => {
    expect(() => parseNetworkFlag(text)).toThrow(expect.objectContaining({ hint }));
  });

  test("gives back what was written in docker's form, whatever stands in quotes", () => {
    const word = fc.string({ minLength: 1 }).filter((text) => text === text.trim() && text !== "");
    const key = fc.stringMatching(/^[a-z.]{1,8}$/);
    const quote = (field: string): string => `"${field.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(
        word,
        fc.array(word, { minLength: 1 }),
        fc.dictionary(key, word, { minKeys: 1 }),
        (name, aliases, options) => {
          const fields = [
            `name=${name}`,
            ...aliases.map((alias) => `alias=${alias}`),
            ...Object.entries(options).map((pair) => `driver-opt=${pair.join("=")}`),
          ];
          expect(parseNetworkFlag(fields.map(quote).join(","))).toEqual({
            network: name,
            aliases,
            options: { ...options },
          });
        },
      ),
    );
  });

  test("of any text is read or refused in words", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^(name=|web:)?([a-z6]{1,12}=[^,]{0,9},?){0,4}$/)),
        (text) => {
          try {
            expect(parseNetworkFlag(text).network).not.toBe("");
          } catch (error) {
            if (!TsdError.is(error, "invalid-input")) throw error;
          }
        },
      ),
    );
  });
});
