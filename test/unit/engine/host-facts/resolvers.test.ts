import { describe, expect, test } from "@jest/globals";
import type { ResolverFile } from "../../../../src/contracts/index.js";
import { unreachableResolvers } from "../../../../src/engine/doctor/resolvers.js";
import { containerResolvers, type Vantage } from "../../../../src/engine/host-facts/resolvers.js";

const [v4, v6]: readonly Vantage[] = [{ families: [4] }, { families: [6] }];
const both: Vantage = { families: [4, 6] };

function file(path: string, ...nameservers: readonly string[]): ResolverFile {
  return { path, text: `# ${path}\n`, nameservers, search: ["corp.example"], options: ["edns0"] };
}

const hostWith = (own: readonly string[], ...upstream: readonly (readonly string[])[]) => ({
  resolverFiles: (): [ResolverFile, ...ResolverFile[]] => [
    file("/etc/resolv.conf", ...own),
    ...upstream.map((servers, at) => file(`/run/${at}`, ...servers)),
  ],
});

/** Name servers in a container's file. */
const serversOf = (text: string) => [...text.matchAll(/^nameserver (.*)$/gm)].map(([, server]) => server);

describe("a container's name servers", () => {
  test.each<[string, readonly (readonly string[])[], Vantage | undefined, readonly string[]]>([
    ["those of the host", [["192.0.2.1", "192.0.2.2"], ["192.0.2.9"]], v4, ["192.0.2.1", "192.0.2.2"]],
    ["those behind systemd-resolved", [["127.0.0.53"], ["192.0.2.9", "192.0.2.8"]], v4, ["192.0.2.9", "192.0.2.8"]],
    ["those behind a resolver at 127.0.0.1 and ::1", [["127.0.0.1", "::1"], ["192.0.2.9"]], both, ["192.0.2.9"]],
    ["not the upstream of one that is a stub too", [["127.0.0.53"], ["127.0.0.1"], ["192.0.2.9"]], v4, ["192.0.2.9"]],
    ["what the host names beside its own", [["127.0.0.1", "192.0.2.1"], ["192.0.2.9"]], v4, ["192.0.2.1"]],
    ["no zone", [["fe80::1%eth0", "192.0.2.1"]], both, ["192.0.2.1"]],
    ["no link-local address without one", [["FE80::1", "febf::1", "2001:db8::1"]], both, ["2001:db8::1"]],
    ["no IPv6 without IPv6", [["2001:db8::1", "192.0.2.1"]], v4, ["192.0.2.1"]],
    ["no IPv4 without IPv4", [["192.0.2.1", "2001:db8::1"]], v6, ["2001:db8::1"]],
    ["those of the family behind a stub", [["127.0.0.53"], ["2001:db8::1"], ["192.0.2.1"]], v4, ["192.0.2.1"]],
    ["no address of any host", [["0.0.0.0", "::", "::ffff:127.0.0.1"]], both, []],
    ["no words", [["localhost", "127.1"]], both, []],
    ["none where the host has none", [[]], both, []],
  ])("are %s", (_, [own = [], ...upstream], from, expected) => {
    const { text, outOfReach } = containerResolvers(hostWith(own, ...upstream), {} as never, from ?? both);
    expect(serversOf(text)).toEqual(expected);
    expect(text).toContain("search corp.example\noptions edns0\n");
    expect(outOfReach).toEqual(expected.length > 0 ? [] : own);
  });

  test("are those that the caller names, wherever it runs", () => {
    for (const from of [both, "host"] as const) {
      const { text, outOfReach } = containerResolvers(hostWith(["127.0.0.53"]), { dns: ["192.0.2.7"] } as never, from);
      expect([serversOf(text), outOfReach]).toEqual([["192.0.2.7"], []]);
    }
  });

  test("on the host's network the file is the host's, unless the caller changes some of it", () => {
    const host = hostWith(["127.0.0.53", "fe80::1%eth0"]);
    expect(containerResolvers(host, {} as never, "host").text).toBe("# /etc/resolv.conf\n");
    expect(containerResolvers(host, { dnsSearch: ["lan"] } as never, "host").text).toBe(
      "nameserver 127.0.0.53\nnameserver fe80::1%eth0\nsearch lan\noptions edns0\n",
    );
  });
});

describe("beside tsd's resolver", () => {
  test.each([
    [{}, "search corp.example\noptions edns0 ndots:0\n"],
    [{ dns: ["192.0.2.7"], dnsSearch: ["a", "b"] }, "search a b\noptions edns0 ndots:0\n"],
    [{ dnsOptions: ["ndots:2", "rotate"] }, "search corp.example\noptions ndots:2 rotate\n"],
    [{ dnsOptions: ["timeout:1"] }, "search corp.example\noptions timeout:1 ndots:0\n"],
  ])("%j", (spec, rest) => {
    const { text, outOfReach } = containerResolvers(hostWith(["127.0.0.53"]), spec as never, "resolver");
    expect([text, outOfReach]).toEqual([`nameserver 127.0.0.11\n${rest}`, []]);
  });
});

describe("doctor", () => {
  test("reports a host whose resolver only the host can ask", () => {
    expect(unreachableResolvers(hostWith(["127.0.0.1", "fe80::1%eth0"]))).toMatchObject([
      { problem: expect.stringContaining("(127.0.0.1, fe80::1%eth0)"), remedy: expect.stringContaining("--dns") },
    ]);
  });

  test.each([
    [["192.0.2.1"], []],
    [["127.0.0.53"], ["192.0.2.1"]],
    [[], []],
  ])("and not of %j behind %j", (own, upstream) => {
    expect(unreachableResolvers(hostWith(own, upstream))).toEqual([]);
  });
});
