import { execFileSync, spawn } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import {
  BOUNDARY_OPERATIONS,
  type BoundaryOperation,
  customaryPackets,
  type ForwardChain,
  type Passage,
} from "../../../src/api/index.js";
import { forwardDrops } from "../../../src/kernel/forward-chains/forward-drops.js";
import { passageSweeper } from "../../../src/nat/passage/orphan-passages.js";
import { PassageProvider } from "../../../src/nat/passage/passage-provider.js";
import { enterWorld, leaveWorld } from "../kernel/world.js";

const shell = (command: string) =>
  execFileSync("sh", ["-ec", command], { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
/** nft(8) wants an end of line behind each block. */
const nft = (text: string) => execFileSync("nft", ["-f", "-"], { input: `${text.replaceAll(" } }", "\n}\n}\n")}\n` });

const packets = customaryPackets("br-a", ["10.1.0.0/24", "fd00:1::/64"], ["up0"]);
const drops = async () =>
  (await forwardDrops(packets)).map(
    ({ words, packets: lost }) => `${words}: ${lost.map((one) => packets.indexOf(one)).join(" ")}`,
  );

/** Programs of nftables that `work` runs. */
async function programsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const run: string[] = [];
  const listen = (message: unknown) => {
    const { into, phase, what } = message as BoundaryOperation;
    // Tables of iptables-legacy stay once they are made.
    if (into === "program" && phase === "before" && !what.includes("-legacy-")) run.push(what);
  };
  subscribe(BOUNDARY_OPERATIONS, listen);
  try {
    await work();
    return run;
  } finally {
    unsubscribe(BOUNDARY_OPERATIONS, listen);
  }
}

/** Where this kernel has it, a namespace has it on from the start. Returns whether it has it. */
function setBridgeNetfilter(isOn: boolean): boolean {
  const keys = ["", "6"].map((family) => `/proc/sys/net/bridge/bridge-nf-call-ip${family}tables`);
  const found = keys.filter((key) => existsSync(key));
  for (const key of found) writeFileSync(key, isOn ? "1" : "0");
  return found.length > 0;
}

beforeAll(() => {
  enterWorld();
  setBridgeNetfilter(false);
  shell("ip link add up0 up type veth peer name far0; ip address add 192.0.2.2/24 dev up0");
});
afterAll(() => leaveWorld());
afterEach(() => {
  shell("nft flush ruleset");
  const names = (family: string) => readFileSync(`/proc/net/${family}_tables_names`, "utf8");
  for (const family of ["ip", "ip6"] as const) {
    if (names(family).includes("filter")) shell(`${family}tables-legacy -F; ${family}tables-legacy -P FORWARD ACCEPT`);
  }
});

const hook = "type filter hook forward priority 0; policy";
/** The packets are: way out, reply, call of a published port, answer to that, within; of IPv4, then of IPv6. */
const ALL = "0 1 2 3 5 6 7 8";

describe("chains of others", () => {
  const cases: Readonly<Record<string, readonly [rules: string, dropped: readonly string[]]>> = {
    "policies, of the families that containers speak": [
      `table inet a { chain f { ${hook} drop; }
       chain in { type filter hook input priority 0; policy drop; } }
       table ip b { chain f { ${hook} drop; } }
       table ip6 c { chain f { ${hook} drop; } }
       table arp d { chain f { type filter hook input priority 0; policy drop; } }`,
      [
        `table inet a, chain f (policy drop): ${ALL}`,
        "table ip b, chain f (policy drop): 0 1 2 3",
        "table ip6 c, chain f (policy drop): 5 6 7 8",
      ],
    ],
    "a last rule, and verdict maps, as people write them": [
      `table inet a { chain f { ${hook} accept;
         ct state vmap { established : accept, related : accept, invalid : drop }
         iifname vmap { "lan0" : accept, "wg*" : accept }
         reject with icmpx admin-prohibited
       } }`,
      ["table inet a, chain f (a rule of it): 0 2 5 7"],
    ],
    "firewalld, and a zone for our bridge": [
      `table inet firewalld {
         chain public { return
         }
         chain filter_FWD_public { jump public
           reject with icmpx admin-prohibited
         }
         chain filter_FWD_trusted { accept
         }
         chain filter_FORWARD_ZONES { iifname "br-t" goto filter_FWD_trusted
           iifname "up0" goto filter_FWD_public
           goto filter_FWD_public
         }
         chain filter_FORWARD { type filter hook forward priority filter + 10; policy accept;
           ct state { established, related } accept
           ct status dnat accept
           iifname "lo" accept
           ct state invalid drop
           ip6 daddr { ::/96, 2002:a00::/24 } reject with icmpv6 addr-unreachable
           jump filter_FORWARD_ZONES
           reject with icmpx admin-prohibited
         } }`,
      ["table inet firewalld, chain filter_FORWARD of firewalld (a rule of it): 0 5"],
    ],
    "those that let ours pass, by sets, ranges and concatenations": [
      `table inet a { set ours { type ifname; elements = { "br-a", "br-b" }; }
         set nets { type ipv4_addr; flags interval; elements = { 10.0.0.0/8 }; }
         chain f { ${hook} drop;
         iifname @ours accept
         ip daddr @nets accept
         iifname . oifname { "up0" . "br-a" } meta nfproto ipv6 accept
         ip daddr 192.0.2.1-192.0.2.9 tcp dport 1-99 limit rate 3/second counter drop
       } }`,
      [],
    ],
    "those that nobody asks: a table that sleeps": [`table inet a { flags dormant; chain f { ${hook} drop; } }`, []],
    "a rule that means our link": [
      `table ip a { chain f { ${hook} accept; iifname "up0" oifname "br-*" ct state new drop
       } }`,
      ["table ip a, chain f (a rule of it): 2"],
    ],
  };

  test.each(Object.entries(cases))("%s", async (_name, [rules, dropped]) => {
    nft(rules);
    expect(await drops()).toEqual(dropped);
  });

  test("of iptables, whose matches nft does not name, and of iptables-legacy, whose tables asking does not make", async () => {
    const names = () =>
      readFileSync("/proc/net/ip_tables_names", "utf8") + readFileSync("/proc/net/ip6_tables_names", "utf8");
    expect(await drops()).toEqual([]);
    expect(names()).toBe("");
    shell(`iptables-nft -P FORWARD DROP; iptables-nft -N ufw-before-forward; iptables-nft -A FORWARD -j ufw-before-forward
      iptables-nft -A ufw-before-forward -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
      iptables-nft -A ufw-before-forward -p icmp -m icmp --icmp-type 8 -j ACCEPT
      iptables-legacy -P FORWARD DROP; iptables-legacy -A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT
      ip6tables-legacy -A FORWARD -i br-a -j REJECT`);
    expect(await drops()).toEqual([
      "table ip filter, chain FORWARD of ufw (policy drop): 0 2",
      "iptables-legacy table filter, chain FORWARD (policy drop): 0 2",
      "ip6tables-legacy table filter, chain FORWARD (a rule of it): 5 8",
    ]);
  });

  test("what a chain also drops of particular packets keeps it closed, since that would pass as well", async () => {
    const general = 'ct state established accept; iifname "up0" ip saddr 203.0.113.9 drop;';
    const chains = (particular: string) =>
      `table ip a { chain user { ${general} ${particular} counter drop; }; chain f { ${hook} accept; jump user; }; }`;
    nft(chains(""));
    expect((await forwardDrops(packets.slice(0, 1)))[0]?.closed).toBeUndefined();
    nft(`delete table ip a\n${chains("ip daddr 198.51.100.7 drop;")}`);
    expect((await forwardDrops(packets.slice(0, 1)))[0]?.closed).toMatch(/particular packets/);
    const passage = { kind: "passage", owner: "a".repeat(64), bridge: "br-a", subnets: ["10.1.0.0/24"] } as const;
    const chain = { tool: "nft", family: "ip", table: "a", name: "f" } as const;
    await new PassageProvider("0123456789abcdef").ensure([{ ...passage, chain }]);
    expect(shell("nft list chain ip a f")).not.toContain("br-a");
  });

  test("chains that lead to each other many times are looked at once each", async () => {
    const chains = Array.from({ length: 15 }, (_, at) => {
      const next = at === 0 ? "drop" : Array.from({ length: 4 }, () => `jump c${at - 1}`).join("\n");
      return `chain c${at} { ${at === 0 ? "ct state invalid" : ""} ${next}\n}`;
    });
    nft(`table ip a { ${chains.join("\n")}\nchain f { ${hook} drop; jump c14 } }`);
    expect(await drops()).toEqual(["table ip a, chain f (policy drop): 0 1 2 3"]);
  });

  test("a name that nft takes for a command is read by no command", async () => {
    nft("add table ip precious");
    const table = { family: "ip", name: "x; delete table ip precious" };
    const chain = {
      family: "ip",
      table: table.name,
      name: "f",
      type: "filter",
      hook: "forward",
      prio: 0,
      policy: "drop",
    };
    const document = JSON.stringify({ nftables: [{ add: { table } }, { add: { chain } }] });
    shell(`nft -j -f - <<'END'\n${document}\nEND`);
    expect(await forwardDrops(packets)).toMatchObject([{ closed: "the program nft does not take its name" }]);
    expect(shell("nft list tables")).toContain("table ip precious");
  });

  test("what is bridged is seen by bridges' chains, and by others with br_netfilter alone", async () => {
    nft(`table bridge b { chain f { ${hook} drop; } }\ntable ip a { chain f { ${hook} drop; } }`);
    const within = packets.filter(({ bridged }) => bridged);
    const bridge = { chain: { family: "bridge" }, packets: within, closed: expect.any(String) };
    expect(await forwardDrops(within)).toMatchObject([bridge]);
    if (!setBridgeNetfilter(true)) return;
    expect(await forwardDrops(within)).toMatchObject([{ chain: { family: "ip" }, packets: [within[0]] }, bridge]);
    setBridgeNetfilter(false);
  });

  test("of which no rule drops are not asked of programs, whatever else they say", async () => {
    nft(`table inet a { chain g { return; }; chain f { ${hook} accept; ct state established accept; jump g; } }
      table ip6 c { chain f { ${hook} accept; } }`);
    shell("iptables-nft -A FORWARD -m conntrack --ctstate RELATED -j ACCEPT; iptables-nft -A FORWARD -j LOG");
    const silent = async () => expect(await drops()).toEqual([]);
    expect(await programsOf(silent)).toEqual([]);
    shell("iptables-nft -N last; iptables-nft -A FORWARD -j last; iptables-nft -A last -i br-a -j REJECT");
    const heard = async () => expect(await drops()).toEqual(["table ip filter, chain FORWARD (a rule of it): 0 3"]);
    expect(await programsOf(heard)).toEqual(["nft -j list table ip filter", "iptables-nft-save -t filter"]);
  });

  test("are known by their policies where the programs are missing", async () => {
    nft(`table inet fw { chain f { ${hook} drop; } }`);
    const { PATH } = process.env;
    process.env.PATH = "/nowhere";
    try {
      expect(await forwardDrops(packets)).toMatchObject([
        { words: "table inet fw, chain f (policy drop)", closed: expect.stringContaining("nft") },
      ]);
    } finally {
      process.env.PATH = PATH;
    }
  });
});

describe("passages", () => {
  const owner = "a".repeat(64);
  const provider = new PassageProvider("0123456789abcdef");
  const through = (chain: Partial<ForwardChain>): Passage => ({
    kind: "passage",
    owner,
    bridge: "br-a",
    subnets: ["10.1.0.0/24", "fd00:1::/64"],
    chain: { tool: "nft", family: "inet", table: "t", name: "f", ...chain },
  });
  const listing = () => shell("nft -s list ruleset; iptables-legacy-save -t filter | grep -- -A || true");

  test.each([
    [
      "behind what the chain says before, and before its last word",
      { family: "inet" },
      `table inet t { chain f { ${hook} accept; ip saddr 192.0.2.66 drop\n iifname "lan0" accept\n reject\n } }`,
      ['iifname "lan0" accept', 'iifname "br-a" accept', 'oifname "br-a" accept', "reject"],
    ],
    [
      "at the end of a chain whose policy drops",
      { family: "ip" },
      `table ip t { chain f { ${hook} drop; ct state established accept\n } }`,
      ["ct state established accept", 'iifname "br-a" accept', 'oifname "br-a" accept'],
    ],
  ] as const)("are %s", async (_name, chain, rules, rulesAfter) => {
    nft(rules);
    const before = listing();
    const passage = through(chain);
    expect(await provider.inspect([passage])).toEqual([{ resource: passage, problem: "missing" }]);
    await provider.ensure([passage, passage]);
    const lines = Array.from(listing().matchAll(/^\t\t(?!type)(.* accept|reject).*$/gm), ([, line]) => line);
    expect(lines.map((line) => line?.replace(" counter", ""))).toEqual(rulesAfter);
    expect([await drops(), await provider.inspect([passage])]).toEqual([[], []]);
    // Its owner writes a rule in front, as a reload of a firewall may.
    shell(`nft insert rule ${passage.chain.family} t f iifname br-a drop`);
    expect(await provider.inspect([passage])).toMatchObject([{ problem: "different" }]);
    await provider.ensure([passage]);
    expect([await drops(), await provider.inspect([passage])]).toEqual([[], []]);
    shell(
      `nft delete rule ${passage.chain.family} t f handle $(nft -a list ruleset | sed -n 's/.*"br-a" drop # handle //p')`,
    );
    await provider.remove([passage]);
    expect(listing()).toBe(before);
  });

  test("are those of iptables-legacy too, and stay among its rules", async () => {
    shell("iptables-legacy -A FORWARD -i lan0 -j ACCEPT; iptables-legacy -A FORWARD -j REJECT");
    const before = listing();
    const passage = through({ tool: "iptables-legacy", family: "ip", table: "filter", name: "FORWARD" });
    await provider.ensure([passage]);
    expect([await drops(), await provider.inspect([passage])]).toEqual([[], []]);
    expect(listing().split("\n").slice(0, 1)).toEqual(before.split("\n").slice(0, 1));
    await provider.remove([passage]);
    expect(listing()).toBe(before);
  });

  test("are not made in a chain that is gone, that lets ours pass, or that another keeps for itself", async () => {
    expect(await provider.inspect([through({})])).toEqual([]);
    await provider.ensure([through({})]);
    nft(`table inet t { chain f { ${hook} accept; } }`);
    await provider.ensure([through({})]);
    expect(listing()).not.toContain("br-a");
    const keeper = spawn("nft", ["-i"], { stdio: ["pipe", "ignore", "inherit"] });
    try {
      keeper.stdin.write(`add table inet u { flags owner; }\nadd chain inet u f { ${hook} drop; }\n`);
      for (let round = 0; round < 500 && (await drops()).length === 0; round++) await sleep(20);
      const passage = through({ table: "u" });
      expect(await provider.inspect([passage])).toEqual([
        { resource: passage, problem: "different", found: expect.stringContaining("owns its table") },
      ]);
      await provider.ensure([passage]);
      expect(listing()).not.toContain("br-a");
    } finally {
      keeper.stdin.end();
      await once(keeper, "exit");
    }
  });

  test("that no network lists are orphans, of this installation alone", async () => {
    nft(`table inet t { chain f { ${hook} drop; } }`);
    const others = new PassageProvider("fedcba9876543210");
    await others.ensure([through({})]);
    const before = listing();
    shell("nft flush chain inet t f");
    await provider.ensure([through({})]);
    const sweeper = passageSweeper("0123456789abcdef");
    expect(await sweeper.orphans(() => [through({})])).toEqual([]);
    const orphans = await sweeper.orphans(() => []);
    expect(orphans).toEqual([
      { kind: "passage", what: "aaaaaaaaaaaa in table inet t, chain f", why: "no network lists it" },
    ]);
    await sweeper.sweep(orphans);
    expect(listing()).not.toContain("br-a");
    expect(before).toContain("fedcba9876543210");
  });
});
