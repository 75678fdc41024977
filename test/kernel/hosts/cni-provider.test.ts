import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { addressCalls } from "../../../src/hosts/cni/address-calls.js";
import { CniProvider } from "../../../src/hosts/cni/cni-provider.js";
import type { CniAttachment, CniNetwork, CniPlugin } from "../../../src/hosts/cni/resources.js";
import { Namespace } from "../../support/lab/namespace.js";
import { mustRun } from "../../support/lab/program.js";

const id = "e".repeat(64);
const netns = "/run/netns/pod";
let directory: string;
let pod: Namespace;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "cni-"));
  pod = await Namespace.create("pod");
});

afterEach(async () => {
  rmSync(directory, { recursive: true });
  await mustRun(["ip", "netns", "delete", "pod"]);
});

const result = {
  cniVersion: "1.1.0",
  interfaces: [{ name: "v0" }, { name: "eth0", mac: "02:00:00:00:00:09", sandbox: netns }],
  ips: [{ address: "10.9.0.9/24", interface: 1 }],
};

/** A program that makes an interface and says `said`, unless `add` does otherwise. It notes each call. */
function install(type: string, { add, versions = ["1.0.0", "1.1.0"], said = result }: Fake = {}): void {
  const made = `[ -e ${directory}/made ] || nsenter --net=$CNI_NETNS ip link add eth0 type veth peer name v0; touch ${directory}/made`;
  const script = `#!/bin/sh
input=$(cat)
echo "${type} $CNI_COMMAND $input" >>${directory}/calls
env >>${directory}/env
case $CNI_COMMAND in
VERSION) echo '${JSON.stringify({ cniVersion: "1.0.0", supportedVersions: versions })}';;
ADD) ${add ?? `${made}\necho '${JSON.stringify(said)}'`};;
DEL) rm -f ${directory}/made; [ "$CNI_NETNS" = "" ] || nsenter --net=$CNI_NETNS ip link delete eth0 2>/dev/null; exit 0;;
esac
`;
  writeFileSync(join(directory, type), script);
  chmodSync(join(directory, type), 0o755);
}

interface Fake {
  /** Lines of a shell for ADD. */
  readonly add?: string;
  readonly versions?: readonly string[];
  readonly said?: object;
}

const network = (...plugins: readonly CniPlugin[]): CniNetwork => ({
  ...{ kind: "cni-network", id: "n".repeat(64), name: "net", directories: [directory] },
  list: { name: "net", plugins },
});

function attachment({ list, id: of }: CniNetwork, changes: Partial<CniAttachment> = {}): CniAttachment {
  return {
    ...{ kind: "cni-attachment", id, network: of, netns, name: "eth0", list, directories: [directory] },
    ...{ capabilities: { mac: "02:00:00:00:00:07" }, ...changes },
  };
}

function provider(timeout = 60_000): CniProvider {
  return new CniProvider({ directory: join(directory, "state"), timeout });
}

function calls(): readonly string[] {
  return readFileSync(join(directory, "calls"), "utf8").trim().split("\n");
}

interface Row {
  readonly install?: () => void;
  readonly timeout?: number;
  readonly addresses?: readonly string[];
  readonly says: RegExp;
}

const subject = 'CNI plug-in "fake", verb ADD: ';
const half = "nsenter --net=$CNI_NETNS ip link add eth0 type veth peer name v0";

const bad: Readonly<Record<string, Row>> = {
  "is missing": {
    install: () => rmSync(join(directory, "fake")),
    says: /^there is no CNI plug-in "fake" in \/tmp\/cni-\w+$/,
  },
  "is not executable": {
    install: () => chmodSync(join(directory, "fake"), 0o644),
    says: new RegExp(`^${subject}its program /tmp/cni-\\w+/fake is not executable$`),
  },
  "exits with an error and no word": {
    install: () => install("fake", { add: "exit 3" }),
    says: new RegExp(`^${subject}it exited with 3 and said nothing$`),
  },
  "fails as the specification says, with a terminal's escapes": {
    install: () => install("fake", { add: `printf '{"code":11,"msg":"\\\\u001b[31mbusy","details":"soon"}'; exit 1` }),
    says: new RegExp(`^${subject}it failed with code 11: \\\\x1b\\[31mbusy \\(soon\\)$`),
  },
  "prints garbage": {
    install: () => install("fake", { add: "echo '<html>'" }),
    says: new RegExp(`^${subject}it printed no result: the result is not JSON`),
  },
  "prints a list": {
    install: () => install("fake", { add: "echo '[]'" }),
    says: new RegExp(`^${subject}it printed no result: the result is not an object`),
  },
  "prints 50 MB": {
    install: () => install("fake", { add: "head -c 50000000 /dev/zero" }),
    says: new RegExp(`^${subject}it printed more than 1 MiB$`),
  },
  hangs: {
    ...{ install: () => install("fake", { add: `${half}; sleep 600` }), timeout: 3000 },
    says: new RegExp(`^${subject}it did not end within 3 seconds$`),
  },
  "dies half-way": {
    install: () => install("fake", { add: `${half}; kill -9 $$` }),
    says: new RegExp(`^${subject}signal 9 ended it$`),
  },
  "reports another interface": {
    install: () => install("fake", { said: { ...result, interfaces: [{ name: "eth5", sandbox: netns }], ips: [] } }),
    says: new RegExp(`^${subject}it reports interface eth5 in ${netns}, and eth0 in ${netns} was asked for$`),
  },
  "reports another container's": {
    install: () => install("fake", { said: { interfaces: [{ name: "eth0", sandbox: "/run/netns/other" }] } }),
    says: new RegExp(`^${subject}it reports interface eth0 in /run/netns/other, and `),
  },
  "reports an address of no interface": {
    install: () => install("fake", { said: { ...result, ips: [{ address: "10.9.0.9/24", interface: 7 }] } }),
    says: new RegExp(`^${subject}it printed no result: .*interface is not a whole number from 0 to 1: 7$`),
  },
  "gives another address": {
    addresses: ["10.9.0.8/24"],
    says: new RegExp(`^${subject}it gave 10\\.9\\.0\\.9, and 10\\.9\\.0\\.8 was asked for$`),
  },
};

test.each(Object.entries(bad))("a plug-in that %s is named, and nothing of it stays", async (_, row) => {
  install("fake");
  const net = network({ type: "fake" });
  await provider().ensure([net]);
  row.install?.();
  const asked = attachment(net, row.addresses === undefined ? {} : { addresses: row.addresses });
  const attaching = provider(row.timeout).ensure([asked]);
  await expect(attaching).rejects.toMatchObject({ kind: "plugin", message: expect.stringMatching(row.says) });
  await provider().remove([asked]);
  expect(await pod.mustRun(["ip", "-o", "link"])).not.toContain("eth0");
  // GC needs it.
  install("fake");
  await provider().remove([net]);
  expect(existsSync(join(directory, "state"))).toBe(false);
});

test.each<[said: readonly string[], message: RegExp]>([
  [
    ["0.1.0", "9.0.0"],
    /^CNI plug-in "fake", verb VERSION: it speaks 0\.1\.0, 9\.0\.0, and what is asked for is 0\.3\.0 or /,
  ],
  [[], /^CNI plug-in "fake", verb VERSION: it speaks no version, and /],
])("a plug-in of versions %j makes no network", async (versions, message) => {
  install("fake", { versions });
  await expect(provider().ensure([network({ type: "fake" })])).rejects.toMatchObject({
    message: expect.stringMatching(message),
  });
  expect(existsSync(join(directory, "state"))).toBe(false);
});

test("an interface that is there already is another's, and stays", async () => {
  install("fake");
  const net = network({ type: "fake" });
  await provider().ensure([net]);
  await pod.ip("link add eth0 type veth peer name v9");
  await expect(provider().ensure([attachment(net)])).rejects.toThrow(/has an interface eth0 already$/);
  await provider().remove([attachment(net)]);
  expect(await pod.mustRun(["ip", "-o", "link"])).toContain("eth0");
  expect(calls().map((line) => line.split(" ")[1])).toEqual(["VERSION", "STATUS", "DEL"]);
});

test("a plug-in that asks itself for an address does so once, and not for ever", async () => {
  install("fake", { add: 'exec "$CNI_PATH/fake"' });
  const of = { type: "fake", path: [directory], network: "net", holder: "h", ipam: { type: "fake" } };
  await expect(addressCalls.add(of)).rejects.toThrow(/^CNI plug-in "fake", verb ADD: it exited with 127 and said: /);
  expect(calls().map((line) => line.split(" ")[1])).toEqual(["ADD", "DEL", "ADD"]);
});

describe("the calls of a list", () => {
  test("are those of the newest version that all know, with results chained and nothing of tsd's environment", async () => {
    process.env.TSD_SECRET = "secret";
    install("first");
    install("second", { versions: ["0.4.0", "1.1.0"] });
    install("leases");
    const net = network(
      { type: "first", ipam: { type: "leases" }, capabilities: { mac: true } },
      { type: "second", x: 1 },
    );
    const one = attachment(net, { capabilities: { mac: "02:00:00:00:00:07", bandwidth: { ingressRate: 1 } } });
    const tsd = provider();
    await tsd.ensure([net, one]);
    await tsd.ensure([net, one]);
    expect(await tsd.learn(one)).toEqual({ mac: "02:00:00:00:00:09", addresses: ["10.9.0.9/24"] });
    expect(await tsd.inspect([net, one])).toEqual([]);
    await pod.ip("link delete eth0");
    expect(await tsd.inspect([net, one])).toEqual([{ resource: one, problem: "missing" }]);
    await tsd.ensure([one]);
    expect(await tsd.inspect([net, one])).toEqual([]);
    await tsd.remove([one, net]);
    await tsd.remove([one, net]);
    delete process.env.TSD_SECRET;
    const verbs = calls().map((line) => line.split(" ").slice(0, 2).join(" "));
    const versions = ["first VERSION", "leases VERSION", "second VERSION"];
    expect(verbs.slice(0, 3).sort()).toEqual(versions);
    const added = ["first ADD", "second ADD", "first CHECK", "second CHECK"];
    const checked = ["first CHECK", "second CHECK"];
    const removed = ["second DEL", "first DEL"];
    expect(verbs.slice(3)).toEqual([
      ...["first STATUS", "second STATUS", ...added, ...checked, ...checked],
      ...[...removed, ...added, ...checked, ...removed],
      ...["first GC", "second GC", ...removed],
    ]);
    const inputs = new Map(
      calls().map((line) => [line.split(" ").slice(0, 2).join(" "), JSON.parse(line.slice(line.indexOf("{")))]),
    );
    const common = { cniVersion: "1.1.0", name: "net" };
    const mac = { mac: "02:00:00:00:00:07" };
    expect(inputs.get("first ADD")).toEqual({ ...common, type: "first", ipam: { type: "leases" }, runtimeConfig: mac });
    expect(inputs.get("second ADD")).toEqual({ ...common, type: "second", x: 1, prevResult: result });
    expect(inputs.get("first CHECK")).toMatchObject({ prevResult: result });
    expect(inputs.get("second GC")).toMatchObject({ ...common, "cni.dev/valid-attachments": [] });
    const variables = new Set(
      readFileSync(join(directory, "env"), "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split("=")[0]),
    );
    expect(
      [...variables].filter(
        (name) => !/^(CNI_(COMMAND|CONTAINERID|NETNS|IFNAME|ARGS|PATH)|PATH|PWD|OLDPWD|SHLVL|_)$/.test(name ?? ""),
      ),
    ).toEqual([]);
  });

  test("take back what is there without its namespace, and with no word of what was made", async () => {
    install("fake");
    const net = network({ type: "fake" });
    const lost = attachment(net, { netns: "/run/netns/gone" });
    await provider().remove([lost]);
    expect(calls().at(-1)).toMatch(/^fake DEL /);
    expect(readFileSync(join(directory, "env"), "utf8")).toMatch(/^CNI_NETNS=$/m);
  });

  test("find what CHECK did not complain of right after ADD, and interfaces of the host that were made again", async () => {
    const word = join(directory, "word");
    writeFileSync(word, "no rule");
    install("fake");
    install("strict");
    const check = `CHECK) printf '{"code":9,"msg":"%s"}' "$(cat ${word})"; exit 1;;\nDEL)`;
    writeFileSync(join(directory, "strict"), readFileSync(join(directory, "strict"), "utf8").replace("DEL)", check));
    const net = network({ type: "strict" }, { type: "fake" });
    const one = attachment(net);
    await mustRun(["ip", "link", "add", "v0", "type", "bridge"]);
    await provider().ensure([net, one]);
    expect(await provider().inspect([one])).toEqual([]);
    writeFileSync(word, "no chain");
    const found = 'CNI plug-in "strict", verb CHECK: it failed with code 9: no chain';
    expect(await provider().inspect([one])).toEqual([{ resource: one, problem: "different", found }]);
    await provider().ensure([one]);
    expect(await provider().inspect([one])).toEqual([]);
    writeFileSync(
      join(directory, "fake"),
      readFileSync(join(directory, "fake"), "utf8").replace("DEL)", "CHECK) exit 1;;\nDEL)"),
    );
    expect(await provider().inspect([one])).toMatchObject([{ found: expect.stringContaining('"fake", verb CHECK') }]);
    install("fake");
    await mustRun(["ip", "link", "delete", "v0"]);
    await mustRun(["ip", "link", "add", "v0", "type", "bridge"]);
    expect(await provider().inspect([one])).toMatchObject([
      { found: "interface v0 of the host is not the one that it had" },
    ]);
    await provider().ensure([one]);
    expect(await provider().inspect([one])).toEqual([]);
    await provider().remove([one, net]);
    await mustRun(["ip", "link", "delete", "v0"]);
  });
});
