import { familyOf } from "../api/address-family.js";
import type { Allow, NatIntent, Publish } from "../api/index.js";
import type { StaleFlows } from "./stale-flows.js";

/** Says in words of conntrack(8) what {@link StaleFlows} would delete, which looks closer: at masqueraded flows, for one. */
export class PlannedFlows implements Pick<StaleFlows, "forgetTranslated" | "forgetUntranslated" | "forgetAllowed"> {
  constructor(private readonly send: (words: string) => void) {}

  forgetUntranslated(intents: readonly NatIntent[]): void {
    this.sendAll(
      intents.filter(isUdpPublication).map(({ hostAddress, hostPort, containerAddress, count }) => {
        const to = hostAddress === undefined || /^[0.:]+$/.test(hostAddress) ? "" : ` --orig-dst ${hostAddress}`;
        return `${deletion(containerAddress)}${to}${count === 1 ? ` --orig-port-dst ${hostPort}` : ""}`;
      }),
    );
  }

  forgetTranslated(intents: readonly NatIntent[]): void {
    const addresses = intents.filter(isUdpPublication).map(({ containerAddress }) => containerAddress);
    this.sendAll(addresses.map((address) => `${deletion(address)} --reply-src ${address} --status DST_NAT`));
  }

  forgetAllowed(intents: readonly NatIntent[]): void {
    const addresses = intents.filter(isUdpAllowance).map(({ address }) => address);
    this.sendAll(addresses.map((address) => `${deletion(address)} --reply-src ${address}`));
  }

  private sendAll(commands: readonly string[]): void {
    for (const command of new Set(commands)) this.send(command);
  }
}

function deletion(address: string): string {
  return `conntrack -D -f ${familyOf(address) === 6 ? "ipv6" : "ipv4"} -p udp`;
}

function isUdpPublication(intent: NatIntent): intent is Publish {
  return intent.kind === "publish" && intent.protocol === "udp";
}

function isUdpAllowance(intent: NatIntent): intent is Allow {
  return intent.kind === "allow" && intent.protocol === "udp";
}
