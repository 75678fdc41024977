/**
 * Attaches new namespaces to a bridge by tsd's providers, as the bridge driver would have it: what `floor/attach.c` does,
 * without store and addresses. Arguments: the bridge, and how many times. Prints milliseconds, one line each. attach.ts
 * bundles it, since Node.js alone does not run the sources of tsd.
 */
import type { Link } from "../src/api/link-resource.js";
import type { Address, Netns, Route } from "../src/api/resource.js";
import { NetnsProvider } from "../src/kernel/netns/netns-provider.js";
import { RtnetlinkProvider } from "../src/kernel/rtnetlink/rtnetlink-provider.js";

/** Attachments before those that count, for the compiler. */
const WARM_UP = 40;

const [, , bridge = "", count = "1"] = process.argv;
const namespaces = new NetnsProvider();
const links = new RtnetlinkProvider();

for (let turn = -WARM_UP; turn < Number(count); turn++) {
  const path = `/run/netns/providers-${turn + WARM_UP}`;
  const [netns, ...rest] = attachment(path, turn + WARM_UP);
  const start = performance.now();
  await namespaces.ensure([netns]);
  await links.ensure(rest);
  const took = performance.now() - start;
  await namespaces.remove([netns]);
  await links.remove(rest.slice(0, 1));
  if (turn >= 0) console.log(took);
}

function attachment(netns: string, turn: number): readonly [Netns, ...(Link | Address | Route)[]] {
  const peer = { netns, name: "eth0", mac: `02:00:00:00:00:${(turn + 16).toString(16)}` };
  return [
    { kind: "netns", path: netns },
    { kind: "link", type: "veth", name: `providers${turn}`, master: bridge, hairpin: true, peer },
    { kind: "link", type: "loopback", name: "lo", netns },
    { kind: "address", netns, link: "eth0", address: `10.215.0.${turn + 2}/24` },
    { kind: "route", netns, destination: "0.0.0.0/0", gateway: "10.215.0.1", link: "eth0" },
  ];
}
