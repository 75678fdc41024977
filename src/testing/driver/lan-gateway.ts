import { CannotRun } from "../chapter.js";
import { hostOf, subnets } from "../lab/addresses.js";
import { ip } from "../lab/host-programs.js";
import type { DriverSubject } from "./driver-subject.js";

/** The machine outside as the gateway of networks that are the wire itself. */
export class LanGateway {
  private readonly lan: { readonly vlan?: number } | undefined;

  constructor({ variant }: DriverSubject) {
    this.lan = variant.lan;
  }

  async open(): Promise<void> {
    if (this.lan === undefined) return;
    const { vlan } = this.lan;
    const link = vlan === undefined ? "wan0" : "lan0";
    if (vlan !== undefined) {
      await ip(`-n outside link add link wan0 name lan0 type vlan id ${vlan}`).catch(() => {
        throw new CannotRun("this kernel has no VLANs (802.1Q)");
      });
    }
    await ip(
      `-n outside link set ${link} up`,
      ...Object.values(subnets).flatMap(([ipv4, ipv6]) => [
        `-n outside address add ${hostOf(ipv4, 1)}/24 dev ${link}`,
        `-n outside address add ${hostOf(ipv6, 1)}/64 dev ${link} nodad`,
      ]),
    );
  }

  async close(): Promise<void> {
    if (this.lan === undefined) return;
    if (this.lan.vlan !== undefined) return ip("-n outside link delete lan0");
    for (const [ipv4, ipv6] of Object.values(subnets)) {
      await ip(
        `-n outside address delete ${hostOf(ipv4, 1)}/24 dev wan0`,
        `-n outside address delete ${hostOf(ipv6, 1)}/64 dev wan0`,
      );
    }
  }
}
