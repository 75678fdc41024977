import { expect, test } from "@jest/globals";
import { askEcho, serveEcho } from "../support/lab/echo.js";
import { addresses } from "../support/lab/lab.js";
import { inspect, namespaceOf, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab({ iptables: true });
const shell = (line: string) => lab().host.mustRun(["sh", "-ec", line]);
const inBoth = (tool: string, line: string) =>
  `for t in ip${tool} ip6${tool}; do ${line.replaceAll("iptables", "$t")}; done`;

interface Firewall {
  readonly up: string;
  /** What a reload of it does to rules of others. */
  readonly flush: string;
  readonly down: string;
  readonly told: RegExp;
  /** Its rules, without counts of packets. */
  readonly list: string;
}

/** Chains of others that drop what they do not know, in both families. */
const firewalls: Readonly<Record<"nftables.conf" | "ufw" | "iptables-legacy", Firewall>> = {
  "nftables.conf": {
    up: `nft '
      add table inet fw; add chain inet fw f { type filter hook forward priority 0; policy accept; }
      add rule inet fw f ct state vmap { established : accept, related : accept, invalid : drop }
      add rule inet fw f iifname lan0 accept; add rule inet fw f reject with icmpx admin-prohibited'`,
    flush: `h=$(nft -a list chain inet fw f | sed -n 's/.*br-.*handle //p'); for i in $h; do nft delete rule inet fw f handle $i; done`,
    down: "nft delete table inet fw",
    told: /table inet fw, chain f \(a rule of it\)/,
    list: "nft -s list table inet fw",
  },
  ufw: {
    up: inBoth(
      "tables-nft",
      `iptables -N ufw-before-forward; iptables -N ufw-reject-forward; iptables -P FORWARD DROP
       iptables -A ufw-before-forward -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT; iptables -A ufw-reject-forward -j REJECT
       for c in before reject; do iptables -A FORWARD -j ufw-$c-forward; done`,
    ),
    flush: inBoth(
      "tables-nft",
      "iptables -F FORWARD; for c in before reject; do iptables -A FORWARD -j ufw-$c-forward; done",
    ),
    down: inBoth(
      "tables-nft",
      "iptables -P FORWARD ACCEPT; for c in before reject; do iptables -D FORWARD -j ufw-$c-forward; iptables -F ufw-$c-forward; iptables -X ufw-$c-forward; done",
    ),
    told: /table ip filter, chain FORWARD of ufw.*table ip6 filter, chain FORWARD of ufw/s,
    list: inBoth("tables-nft-save", "iptables -t filter | sed -n 's/ .[0-9]*:.*//; /^-A/p; /^:FORWARD/p'"),
  },
  "iptables-legacy": {
    up: inBoth("tables-legacy", "iptables -P FORWARD DROP; iptables -A FORWARD -i lan0 -j ACCEPT"),
    flush: inBoth("tables-legacy", "iptables -F FORWARD; iptables -A FORWARD -i lan0 -j ACCEPT"),
    down: inBoth("tables-legacy", "iptables -P FORWARD ACCEPT; iptables -F FORWARD"),
    told: /iptables-legacy table filter, chain FORWARD \(policy drop\).*ip6tables-legacy/s,
    list: inBoth("tables-legacy-save", "iptables -t filter | sed -n 's/ .[0-9]*:.*//; /^-A/p; /^:FORWARD/p'"),
  },
};

/** Makes a network and a container that serves port 80; returns what crosses the host, and who else gets in. */
async function makeWeb() {
  const { host, internet } = lab();
  const subnets = ["--subnet", "10.90.0.1/24", "--subnet", "fd00:90::1/64"];
  const made = await host.tsd(["network", "create", ...subnets, "net"]);
  const run = await host.tsd([
    "run",
    "-d",
    "--name",
    "web",
    "--net",
    "net",
    "-p",
    "8080:80",
    "busybox",
    "sleep",
    "600",
  ]);
  const container = await namespaceOf(lab(), "web");
  const { IPAddress } = (await inspect(lab(), "web")).NetworkSettings;
  await internet.ip(`route add ${IPAddress}/32 via ${addresses.host}`);
  const servers = await Promise.all([
    serveEcho(container, { protocol: "tcp", address: "::", port: 80 }),
    serveEcho(internet, { protocol: "tcp", address: "::", port: 7 }),
  ]);
  const calls = {
    in4: [internet, addresses.host, 8080],
    in6: [internet, addresses.host6, 8080],
    out4: [container, addresses.server, 7],
    out6: [container, addresses.server6, 7],
    past: [internet, IPAddress, 80],
  } as const;
  return {
    warnings: made.stderr + run.stderr,
    /** What is asked in vain takes `patience` ms. */
    async answered(patience?: number): Promise<readonly string[]> {
      const asked = Object.entries(calls).map(async ([name, [from, address, port]]) => {
        const isLost = name === "past";
        const answer = await askEcho(from, { protocol: "tcp", address, port }, isLost ? 300 : patience);
        return answer === undefined ? [] : [name];
      });
      return (await Promise.all(asked)).flat();
    },
    async end(): Promise<void> {
      for (const server of servers) await server.close();
      await internet.ip(`route del ${IPAddress}/32`);
      await host.mustTsd(["rm", "-f", "web"]);
      await host.mustTsd(["network", "rm", "net"]);
    },
  };
}

const all = ["in4", "in6", "out4", "out6"];

test.each(Object.entries(firewalls))("%s is opened, and closed with the last network", async (_name, firewall) => {
  const { host } = lab();
  const { up, flush, down, told, list } = firewall;
  await shell(up);
  const before = await shell(list);
  const web = await makeWeb();
  expect(web.warnings).toMatch(/drops packets of containers on "net".*drops calls of ports that "web" publishes/s);
  expect(web.warnings).toMatch(told);
  expect(await web.answered(300)).toEqual([]);
  for (const way of [
    ["outside", "host:8080"],
    ["web", addresses.server6],
  ]) {
    expect(await host.tsd(["explain", ...way])).toMatchObject({
      stdout: expect.stringMatching(/verdict: does not arrive, since .* chain .* drops it\nhint: .*tsd doctor --fix/),
    });
  }
  const found = await host.tsd(["doctor"]);
  expect([found.code, found.stdout]).toEqual([1, expect.stringMatching(told)]);
  expect(await host.mustTsd(["doctor", "--fix", "--dry-run"])).toMatch(
    /make passage of br-\S+ through .*\n {4}(nft|ip)/,
  );
  expect(await shell(list)).toBe(before);

  expect(await host.mustTsd(["doctor", "--fix"])).toMatch(told);
  expect(await web.answered()).toEqual(all);
  expect(await host.tsd(["check"])).toMatchObject({ code: 0, stdout: "" });
  expect((await host.tsd(["doctor"])).stdout).not.toMatch(told);
  expect(await host.mustTsd(["doctor", "--fix"])).toBe("There is nothing to fix.");

  await shell(flush);
  expect(await host.tsd(["check"])).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/passage of br-\S+ .*missing/),
  });
  await host.mustTsd(["reload"]);
  expect(await web.answered()).toEqual(all);

  await host.mustTsd(["network", "create", "second"]);
  await host.mustTsd(["network", "rm", "second"]);
  await web.end();
  expect(await shell(list)).toBe(before);
  expect(await host.mustTsd(["gc"])).toBe("Nothing was left over.");
  await shell(down);
});

test("with iptables tsd's accept comes first, but for chains that iptables does not know", async () => {
  const { host } = lab();
  await host.mustTsd(["nat", "use", "iptables"]);
  await shell(firewalls.ufw.up);
  const web = await makeWeb();
  expect(web.warnings).toBe("");
  expect(await web.answered()).toEqual(all);
  await shell(firewalls["nftables.conf"].up);
  expect((await web.answered(300)).filter((name) => name !== "past")).toEqual([]);
  expect(await host.mustTsd(["doctor", "--fix"])).toMatch(firewalls["nftables.conf"].told);
  expect(await web.answered()).toEqual(all);
  // Nobody drops for tsd any more, so that nothing of tsd's accepts either.
  await host.mustTsd(["nat", "use", "none"]);
  expect(await shell(firewalls["nftables.conf"].list)).not.toContain("br-");
  await host.mustTsd(["nat", "use", "nftables"]);
  await web.end();
  await shell(`${firewalls["nftables.conf"].down}; ${firewalls.ufw.down}`);
});
