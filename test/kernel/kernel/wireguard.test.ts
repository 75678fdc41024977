import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Wireguard, WireguardLink, WireguardPeer } from "../../../src/api/index.js";
import { hostNetwork } from "../../../src/kernel/host/host-network.js";
import { keySweeper } from "../../../src/kernel/orphans/orphan-keys.js";
import { wireguardPeerSweeper } from "../../../src/kernel/orphans/orphan-wireguard-peers.js";
import { RtnetlinkProvider } from "../../../src/kernel/rtnetlink/rtnetlink-provider.js";
import { PrivateKeys } from "../../../src/kernel/wireguard/private-keys.js";
import { WireguardProvider } from "../../../src/kernel/wireguard/wireguard-provider.js";
import { enterWorld, ip, leaveWorld, linkNames } from "./world.js";

const MARK = "tsd /wireguard-test";
const scratch = mkdtempSync(join(tmpdir(), "tsd-wireguard-"));
const links = new RtnetlinkProvider(MARK);
const provider = new WireguardProvider(scratch, MARK);
const link: WireguardLink = { kind: "link", type: "wireguard", name: "wg-1", mtu: 1440 };
const device: Wireguard = { kind: "wireguard", link: "wg-1", network: "a".repeat(64), generation: 1, port: 51_820 };
const peer: WireguardPeer = {
  ...{ kind: "wireguard peer", link: "wg-1", publicKey: `${"b".repeat(42)}A=` },
  ...{ address: "192.0.2.2", port: 51_821, inner: "fe80::2" },
};

beforeAll(enterWorld);
afterAll(() => {
  links[Symbol.dispose]();
  leaveWorld();
  rmSync(scratch, { recursive: true });
});

/** What this kernel has decides which half is proved here: test/vm has the other one. */
const lack = (): string | undefined => hostNetwork.lacksWireguard();

test("a kernel without WireGuard refuses in words, and nothing is left; another makes all of it", async () => {
  if (lack() === undefined) {
    await links.ensure([link]);
    await provider.ensure([device, peer]);
    expect([...(await links.inspect([link])), ...(await provider.inspect([device, peer]))]).toEqual([]);
    expect(await wireguardPeerSweeper(MARK).orphans(() => [])).toMatchObject([{ kind: "wireguard peer" }]);
    await provider.remove([peer]);
    expect(await provider.inspect([peer])).toMatchObject([{ problem: "missing" }]);
    await provider.remove([device]);
    await links.remove([link]);
  } else {
    expect(lack()).toBe("its kernel has no WireGuard");
    await expect(links.ensure([link])).rejects.toMatchObject({
      kind: "unsupported",
      message: "this kernel has no links of type wireguard, as wg-1 would be",
      hint: "Load the module (modprobe wireguard), or use a kernel with CONFIG_WIREGUARD.",
    });
    await links.remove([link]);
  }
  expect(linkNames()).toEqual(["lo"]);
  expect(new PrivateKeys(scratch).find(device)).toBe("is missing");
});

test("a link of another program's gets neither key nor peer", async () => {
  ip("link add wg-1 type bridge");
  await expect(provider.ensure([device])).rejects.toMatchObject({ code: "TSD_WIREGUARD_MISSING" });
  await expect(provider.ensure([peer])).rejects.toMatchObject({ code: "TSD_WIREGUARD_MISSING" });
  expect(existsSync(join(scratch, `${device.network}.1`))).toBe(false);
  expect((await provider.inspect([device, peer])).map(({ problem }) => problem)).toEqual(["missing", "missing"]);
  await provider.remove([peer, device]);
  expect(linkNames()).toContain("wg-1");
  ip("link delete wg-1");
});

test("what it would send has the path of a private key, and no key", async () => {
  const path = join(scratch, `${device.network}.1`);
  expect(await provider.describe("ensure", [device, peer])).toEqual([
    `(umask 077 && mkdir -p ${scratch} && wg genkey >${path})`,
    `wg set wg-1 listen-port 51820 private-key ${path}`,
    `wg set wg-1 peer ${peer.publicKey} endpoint 192.0.2.2:51821 allowed-ips fe80::2`,
  ]);
  const key = new PrivateKeys(scratch).require(device).toString("base64");
  expect((await provider.describe("ensure", [device])).join()).not.toContain(key);
  expect(await provider.describe("remove", [device, peer])).toEqual([
    `rm ${path}`,
    `wg set wg-1 peer ${peer.publicKey} remove`,
  ]);
});

test("a key that no network lists is an orphan, and goes", async () => {
  const sweeper = keySweeper(scratch);
  new PrivateKeys(scratch).require(device);
  expect(await sweeper.orphans(() => [device])).toEqual([]);
  const orphans = await sweeper.orphans(() => [{ ...device, generation: 2 }]);
  expect(orphans).toEqual([{ kind: "key", what: join(scratch, `${device.network}.1`), why: "no network here has it" }]);
  await sweeper.sweep(orphans);
  expect(new PrivateKeys(scratch).find(device)).toBe("is missing");
});
