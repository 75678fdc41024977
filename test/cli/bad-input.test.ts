import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { addresses } from "../support/lab/lab.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

/** One sentence, and one of what to do; nothing else. */
const twoLines = /^tsd: [^\n]+\nhint: [^\n]+\n$/;

const create = (...words: readonly string[]) => ["network", "create", ...words];
const run = (...words: readonly string[]) => ["run", "-d", ...words, "busybox", "true"];

describe("refused, with nothing changed", () => {
  beforeAll(async () => {
    const { host } = lab();
    await host.mustTsd(create("--subnet", "10.50.0.1/24", "there"));
    await host.ip(`route add 10.60.0.0/16 via ${addresses.internet}`);
    await lab().settle();
  });

  test.each([
    [create("--subnet", "10.0.0.0/33", "x"), 2, "10.0.0.0/33"],
    [create("--subnet", "ten", "x"), 2, '"ten"'],
    [create("--subnet", "10.1.0.0/24", "--gateway", "10.2.0.1", "x"), 2, "10.2.0.1"],
    [create("--subnet", "10.1.0.0/24", "--ip-range", "10.2.0.0/25", "x"), 2, "10.2.0.0/25"],
    [create("--subnet", "10.50.0.0/16", "x"), 1, 'network "there"'],
    [create("--subnet", "10.60.1.0/24", "x"), 1, "route 10.60.0.0/16 dev uplink0"],
    [create("--subnet", "10.1.0.0/24", "--subnet", "10.2.0.0/24", "x"), 2, "10.2.0.0/24"],
    [create("--gateway", "10.1.0.1", "x"), 2, "10.1.0.1"],
    [create("--subnet", "10.1.0.0/24", "--aux-address", "router=10.2.0.9", "x"), 2, "10.2.0.9"],
    [create("--subnet", "10.1.0.0/24", "--aux-address", "10.1.0.9", "x"), 2, '"10.1.0.9"'],
    [create("--ipv4=false", "x"), 2, "IPv4"],
    [create("--ipv4=perhaps", "x"), 2, '"perhaps"'],
    [create("--ipv6=perhaps", "x"), 2, "perhaps"],
    [create("--subnet", "fd00::/129", "x"), 2, "fd00::/129"],
    [create("--driver", "nosuch", "x"), 2, '"nosuch"'],
    [create("--driver", "host", "x"), 2, '"host"'],
    [create("host"), 1, '"host" is predefined'],
    [create("-o", "icc=perhaps", "x"), 2, "icc=perhaps"],
    [create("-o", "mtu=12", "x"), 2, "mtu=12"],
    [create("-o", "gateway_mode=strange", "x"), 2, "gateway_mode=strange"],
    [create("-o", "gateway_mode=isolated", "x"), 2, "internal"],
    [create("-o", "host_binding=here", "x"), 2, "host_binding=here"],
    [create("-o", "outbound_addr4=fd00::1", "x"), 2, "outbound_addr4=fd00::1"],
    [create("-o", "adopt=true", "x"), 2, "adopt"],
    [create("-o", "colour=red", "x"), 2, '"colour"'],
    [create("-o", "name=interface-too-long", "x"), 2, "interface-too-long"],
    [create("there"), 1, '"there" exists already'],
    [create("../x"), 2, '"../x"'],
    [create("a b"), 2, '"a b"'],
    [create(""), 2, '""'],
    [create("n".repeat(300)), 2, "300 characters"],
    [["network", "rm", "nosuch"], 1, '"nosuch" does not exist'],
    [["network", "rm", "none"], 1, '"none" is predefined'],
    [["network", "connect", "nosuch", "web"], 1, '"nosuch" does not exist'],
    [["network", "connect", "there", "nosuch"], 1, '"nosuch" does not exist'],
    [["network", "connect", "there", "netns:nosuch"], 1, "/run/netns/nosuch"],
    [["network", "connect", "there", "netns:../x"], 2, '"netns:../x"'],
    [["network", "connect", "there", "pid:0"], 2, '"pid:0"'],
    [["network", "connect", "there", "pid:4194304"], 1, "/proc/4194304/ns/net"],
    [["network", "disconnect", "there", "nosuch"], 1, '"nosuch" does not exist'],
    [["network", "disconnect", "there", "netns:nosuch"], 1, '"netns:nosuch" is not on network "there"'],
    [["port", "add", "nosuch", "80:80"], 1, '"nosuch" does not exist'],
    [run("--net", "nosuch"), 125, '"nosuch" does not exist'],
    [run("-p", "70000:80"), 125, '"70000"'],
    [run("--net", "there", "-p", "[::]:80:80"), 125, "cannot publish on ::"],
    [run("--net", "there", "-p", "[::1]:80:80"), 125, "cannot publish on ::1"],
    [run("--net", "there", "--ip", "10.51.0.9"), 125, "10.51.0.9"],
    [run("--net", "there", "--ip", "10.50.0.1"), 125, "10.50.0.1 is the gateway"],
    [run("--net", "there", "--ip", "10.50.0.255"), 125, "10.50.0.255"],
    [run("--net", "there", "--ip6", "fd00::9"), 125, "fd00::9"],
    [run("--net", "there", "--mac-address", "01:00:00:00:00:01"), 125, "01:00:00:00:00:01"],
    [run("--net", "there", "--mac-address", "nonsense"), 125, "nonsense"],
    [run("--net", "there", "--network-alias", "a b"), 125, '"a b"'],
    [run("--network-alias", "db"), 125, '"db" on network "bridge"'],
    [run("--net", "name=there,colour=red"), 125, '"colour"'],
    [run("--net", "name=there,gw-priority=high"), 125, '"high"'],
    [run("--net", "name=there,driver-opt=ifname=interface-too-long"), 125, "interface-too-long"],
    [run("--net", "name=there,driver-opt=colour=red"), 125, '"colour"'],
    [run("--net", "there", "--net", "there"), 125, '"there"'],
    [run("--net", "container:"), 125, '"container:"'],
    [run("--link", "nosuch:x"), 125, '"nosuch" does not exist'],
    [run("--link", ":x"), 125, '":x"'],
    [run("--expose", "80:80"), 125, '"80:80"'],
    [run("--expose", "http"), 125, '"http"'],
    [run("--dns", "resolver"), 125, '"resolver"'],
    [run("--add-host", "nowhere"), 125, '"nowhere"'],
    [run("--hostname", "-x-"), 125, '"-x-"'],
    [run("--sysctl", "kernel.panic=1"), 125, '"kernel.panic"'],
    [run("--net", "there", "--sysctl", "net.ipv4.nosuch=1"), 125, "net/ipv4/nosuch"],
    [run("-p", "abc"), 125, '"abc"'],
    [run("-p", "8000-8002:80-81"), 125, "8000-8002"],
    [run("--mount", "type=bind,source=/nosuch,target=/x"), 125, "/nosuch"],
    [run("--name", "../x"), 125, '"../x"'],
    [run("-m", "lots"), 125, "lots"],
    [["run", "-d", "--pull", "never", "nosuch", "true"], 125, '"nosuch" does not exist'],
    [["run", "-d", "--net", "there", "busybox", "nosuch"], 127, '"nosuch"'],
    [["exec", "nosuch", "true"], 125, '"nosuch" does not exist'],
    [["stop", "nosuch"], 1, '"nosuch" does not exist'],
    [["image", "import", "/nosuch.tar", "x"], 1, "/nosuch.tar"],
    [["netwrok"], 2, "netwrok"],
  ] as const)("%j", async (words, code, offender) => {
    const result = await lab().host.tsd(words);
    expect(result.stderr).toMatch(twoLines);
    expect(result.stderr).toContain(offender);
    expect(result).toMatchObject({ code, stdout: "" });
  });

  test("--allow-overlap overrides a route of the host, and never a network", async () => {
    const { host } = lab();
    await host.mustTsd(create("--subnet", "10.60.1.0/24", "--allow-overlap", "x"));
    await host.mustTsd(["network", "rm", "x"]);
    const again = await host.tsd(create("--subnet", "10.50.0.0/16", "--allow-overlap", "x"));
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('network "there"') });
  });
});

describe("a machine that lacks something", () => {
  test("root", async () => {
    const { code, stderr } = await lab().host.run(
      ["setpriv", "--reuid=65534", "--clear-groups", resolve("bin/tsd"), "network", "ls"],
      { env: { PATH: process.env.PATH ?? "", TSD_ROOT: "/var/lib/tsd-nobody" } },
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^tsd: .*\nhint: .*root/);
  });

  test("nft", async () => {
    const { host } = lab();
    const env = ["PATH=/nosuch", `TSD_NODE=${process.execPath}`];
    const state = [`TSD_ROOT=${host.root}`, `TSD_RUN=${host.runDirectory}`];
    await host.mustRun(["nft", "delete", "table", "inet", "tsd"]);
    await lab().settle();
    const { code, stderr } = await host.run(["env", ...env, ...state, resolve("bin/tsd"), ...create("x")]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "tsd: the program nft is not installed\nhint: Install it: apt-get install nftables\n",
    });
  });

  test("a sound state database: it is refused, and kept", async () => {
    const root = mkdtempSync(join(tmpdir(), "tsd-broken-"));
    const damage = "not a database ".repeat(100);
    writeFileSync(join(root, "state.db"), damage);
    const { code, stderr } = await lab().host.tsd(["ps"], { env: { TSD_ROOT: root } });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(join(root, "state.db")) });
    expect(stderr).toMatch(twoLines);
    expect(readFileSync(join(root, "state.db"), "utf8")).toBe(damage);
    rmSync(root, { recursive: true });
  });

  test("space", async () => {
    const { host } = lab();
    const root = mkdtempSync(join(tmpdir(), "tsd-full-"));
    await host.mustRun(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", root]);
    await host.run(["dd", "if=/dev/zero", `of=${root}/filler`, "bs=1k", "status=none"]);
    const { code, stderr } = await host.tsd(create("x"), { env: { TSD_ROOT: root } });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/full|space/) });
    expect(stderr).toMatch(twoLines);
    await host.mustRun(["umount", root]);
    rmSync(root, { recursive: true });
    expect(existsSync(root)).toBe(false);
  });
});
