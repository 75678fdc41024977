import { type Endpoint, type Network, withoutPrefix } from "../../api/index.js";
import type { Chapter } from "../chapter.js";
import { expectSame, expectThat } from "../expectations.js";
import { runProgram } from "../lab/host-programs.js";
import { needsAddresses, type Stage } from "./stage.js";

interface LinkJson {
  readonly ifname: string;
  readonly address?: string;
  readonly mtu: number;
  readonly flags: readonly string[];
  readonly addr_info: readonly { readonly local: string; readonly scope: string }[];
}

/** A container's interface is as its endpoint says. */
export function addressing(stage: Stage): Chapter {
  let network: Network;
  let endpoint: Endpoint;
  const inside = async (): Promise<LinkJson> => {
    const links: readonly LinkJson[] = JSON.parse(await runProgram(["ip", "-n", "a1", "-json", "address", "show"]));
    const link = links.find(({ ifname }) => ifname === endpoint.interface);
    if (link === undefined) throw new Error(`the container has no interface ${endpoint.interface}`);
    return link;
  };
  return {
    title: "A container gets its interface",
    open: async () => {
      await stage.open();
      network = await stage.create();
      endpoint = await stage.attach("a1");
    },
    cases: [
      {
        name: "has the interface, and it is up",
        run: async () => {
          const { flags } = await inside();
          expectThat(flags.includes("UP"), `${endpoint.interface} is down`);
        },
      },
      {
        name: "has the addresses that were leased, and no others",
        run: async () => {
          needsAddresses(stage.subject);
          const { addr_info } = await inside();
          const found = addr_info.filter(({ scope }) => scope !== "link").map(({ local }) => local);
          expectSame(`addresses of ${endpoint.interface}`, found.sort(), endpoint.addresses.map(withoutPrefix).sort());
        },
      },
      {
        name: "has the MAC address and the MTU that its list names",
        run: async () => {
          const link = await inside();
          const list = JSON.stringify(stage.subject.driver.endpoint(network, endpoint));
          if (list.includes(endpoint.mac)) expectSame("its MAC address", link.address, endpoint.mac);
          const mtu = /"mtu":(\d+)/.exec(list)?.[1];
          if (mtu !== undefined) expectSame("its MTU", link.mtu, Number(mtu));
        },
      },
      {
        name: "has a default route, unless the network is internal",
        run: async () => {
          needsAddresses(stage.subject);
          for (const address of endpoint.addresses) {
            const family = address.includes(":") ? "-6" : "-4";
            const routes = await runProgram(["ip", "-n", "a1", family, "route", "show", "default"]);
            const leads = routes.includes(`dev ${endpoint.interface}`);
            expectSame(`a default route of IPv${family[1]}`, leads, stage.subject.variant.internal !== true);
          }
        },
      },
    ],
    close: () => stage.close(),
  };
}
