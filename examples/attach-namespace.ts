/**
 * Attaches a network namespace that something else made to a network, publishes a port of it, and takes it away again.
 *
 *   ip netns add mine && node examples/attach-namespace.ts /run/netns/mine
 */
import { openTsd } from "@tsdnet/tsd";

const [, , netns = "/run/netns/mine"] = process.argv;
const tsd = await openTsd();
await tsd.networks.create({ name: "lab", subnets: ["10.20.0.1/24"] });
const endpoint = await tsd.endpoints.attach({ network: "lab", netns, publish: ["8080:80"] });
console.log(`${netns} is ${endpoint.addresses[0]} on ${endpoint.interface}; its port 80 is port 8080 of this host`);
await tsd.endpoints.detach(endpoint.id);
await tsd.networks.remove("lab");
tsd.close();
