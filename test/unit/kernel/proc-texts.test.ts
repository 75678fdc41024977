import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseMounts } from "../../../src/kernel/files/mount-table.js";
import { overlayOptions } from "../../../src/kernel/files/overlay-resource.js";
import { parseListeners } from "../../../src/kernel/host/listeners.js";
import { parseNameservers, parseResolverOptions } from "../../../src/kernel/host/resolver-file.js";
import { parseStatus } from "../../../src/kernel/process-identity.js";

describe("/proc/PID/stat", () => {
  const line = (name: string) =>
    `4711 (${name}) S 1 4711 4711 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 987654 2560000 100 18446744073709551615 1 1\n`;
  test.each(["sh", "a b", "evil) R 1 (", ")", "((", "new\nline"])("of a process called %j", (name) => {
    expect(parseStatus(line(name))).toEqual({ state: "S", start: 987654 });
  });

  test("any other text is no status", () => {
    expect(parseStatus("")).toBeUndefined();
    fc.assert(fc.property(fc.string(), (text) => expect(["object", "undefined"]).toContain(typeof parseStatus(text))));
  });
});

describe("/proc/net/tcp and its like", () => {
  const head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
  const line = (local: string, state: string) =>
    `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0`;
  const table = [
    head,
    line("0100007F:1F90", "0A"),
    line("00000000:1F90", "0A"),
    line("0200000A:1F90", "01"),
    line("0300000A:1F91", "0A"),
    line("0400000A:1F90", "07"),
    line("00000000000000000000000000000000:1F90", "0A"),
    line("0000000000000000FFFF00000100007F:1F90", "0A"),
    line("000080FE00000000FF005450345612FE:1F90", "0A"),
    "nonsense",
  ].join("\n");

  test("sockets that wait for callers of a port", () => {
    const six = ["::", "127.0.0.1", "fe80::5054:ff:fe12:5634"];
    expect(parseListeners(table, "tcp", 8080)).toEqual(["127.0.0.1", "0.0.0.0", ...six]);
    expect(parseListeners(table, "udp", 8080)).toEqual(["10.0.0.4"]);
    expect(parseListeners(table, "tcp", 8082)).toEqual([]);
  });
});

test("resolv.conf: nameserver lines only, without comments or options", () => {
  const text =
    "# nameserver 9.9.9.9\nsearch lan\nnameserver 10.0.0.1\n  nameserver\tfe80::1%eth0 \nnameserver\noptions rotate\nnameserver 1.1.1.1";
  expect(parseNameservers(text)).toEqual(["10.0.0.1", "fe80::1%eth0", "1.1.1.1"]);
});

test("resolv.conf: the last line of search domains, and all options", () => {
  const text =
    "domain old.lan\nsearch  a.lan\tb.lan \noptions ndots:2\n#search c.lan\nnameserver 10.0.0.1\n options rotate edns0\n";
  expect(parseResolverOptions(text)).toEqual({ search: ["a.lan", "b.lan"], options: ["ndots:2", "rotate", "edns0"] });
  expect(parseResolverOptions(`${text}domain new.lan`).search).toEqual(["new.lan"]);
  expect(parseResolverOptions("search\noptions\nsearchlight x\n")).toEqual({ search: [], options: [] });
});

describe("mountinfo", () => {
  test("optional fields come in any number, and paths are escaped", () => {
    const text = [
      "36 35 98:0 /mnt1 /mnt2 rw,noatime shared:1 master:2 - ext3 /dev/root rw,errors=continue",
      "37 35 0:5 / /with\\040space ro,relatime - overlay overlay rw,lowerdir=/a,upperdir=/u,workdir=/w",
      "nonsense",
      "",
    ].join("\n");
    expect(parseMounts(text)).toEqual([
      { path: "/mnt2", type: "ext3", writable: true, options: "rw,errors=continue" },
      { path: "/with space", type: "overlay", writable: false, options: "rw,lowerdir=/a,upperdir=/u,workdir=/w" },
    ]);
  });

  test("garbage yields mounts or nothing, never an exception", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(" ", "-", "\n", "a", "\\0", "/x"), { maxLength: 60 }), (parts) => {
        for (const { path, type } of parseMounts(parts.join("")))
          expect([typeof path, typeof type]).toEqual(["string", "string"]);
      }),
    );
  });
});

test("overlay options keep commas and colons of paths apart from their own", () => {
  const overlay = { kind: "overlay", path: "/m", lower: ["/b", "/a:1,2"], upper: "/u\\x", work: "/w" } as const;
  expect(overlayOptions(overlay)).toBe("lowerdir=/b:/a\\:1\\,2,upperdir=/u\\\\x,workdir=/w");
});
