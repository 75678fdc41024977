import { isIP } from "node:net";
import { type Endpoint, isIntent, type LinkBase, type Network, type Resource } from "../../api/index.js";
import type { Chapter } from "../chapter.js";
import { expectSame, expectThat, words } from "../expectations.js";
import type { DriverSubject } from "./driver-subject.js";
import { sampleEndpoint, sampleNetwork } from "./samples.js";

/** Kinds that tsd itself has providers for, and that a driver may list. */
const ownKinds: readonly string[] = [
  ...[
    "link",
    "address",
    "route",
    "neighbour",
    "fdb",
    "membership",
    "sysctl",
    "localnet",
    "passage",
    "announcement",
    "directory",
    "file",
  ],
  ...["masquerade", "isolate", "publish", "allow", "guard", "segment", "member"],
];
/** IFNAMSIZ − 1 bytes, without what the kernel refuses (dev_valid_name). */
const linkName = /^(?!\.{1,2}$)[^\s/:\p{Cc}]{1,15}$/u;

/** What lists are made of. */
export function lists(subject: DriverSubject): Chapter {
  const { driver, extension } = subject;
  const network = (which: "first" | "second" = "first"): Network => sampleNetwork(subject, which);
  const listsOf = (one: Network, endpoint: Endpoint): readonly Resource[] => [
    ...driver.network(one),
    ...driver.endpoint(one, endpoint),
  ];
  const sample = (): readonly Resource[] => listsOf(network(), sampleEndpoint(network()));
  return {
    title: "Lists are well formed",
    cases: [
      {
        name: "lists plain values of kinds that have a provider",
        run: () => {
          const brought = (extension.providers ?? []).flatMap(({ kinds }) => kinds);
          const known = new Set<string>([...ownKinds, ...brought]);
          for (const resource of sample()) {
            expectSame("a resource after JSON", JSON.parse(JSON.stringify(resource)), resource);
            expectThat(known.has(resource.kind), `no provider for the kind of ${words(resource)}`);
          }
        },
      },
      {
        name: "names links as the kernel takes them, and writes addresses as addresses",
        run: () => {
          for (const resource of sample()) for (const problem of formOf(resource)) throw new Error(problem);
        },
      },
      {
        name: "stays on the host and in the namespace that it is given",
        run: () => {
          const places = sample().flatMap(placesOf);
          const own = sampleEndpoint(network()).netns;
          expectSame(
            "other namespaces",
            places.filter((place) => place !== own),
            [],
          );
        },
      },
      {
        name: "signs what it asks of packet filters with the id of the network or the endpoint",
        run: () => {
          const one = network();
          const endpoint = sampleEndpoint(one);
          const ownerIn = (list: readonly Resource[]) => list.filter(isIntent).map(({ owner }) => owner);
          for (const owner of ownerIn(driver.network(one)))
            expectSame("the owner in the network's list", owner, one.id);
          for (const owner of ownerIn(driver.endpoint(one, endpoint))) {
            expectSame("the owner in the endpoint's list", owner, endpoint.id);
          }
        },
      },
      {
        name: "names nothing of one network or endpoint as of another",
        run: () => {
          const [one, two] = [network(), network("second")];
          expectApart("two networks", driver.network(one), driver.network(two));
          const endpoint = (number: number) => driver.endpoint(one, sampleEndpoint(one, number));
          expectApart("two endpoints", endpoint(2), endpoint(3));
        },
      },
    ],
  };
}

function formOf(resource: Resource): readonly string[] {
  if (resource.kind === "link") {
    const peer = "peer" in resource ? [resource.peer.name] : [];
    const bad = [resource.name, ...peer].filter((name) => !linkName.test(name) || Buffer.byteLength(name) > 15);
    return bad.map((name) => `${words(name)} is no name for a link`);
  }
  if (resource.kind === "address") return isCidr(resource.address) ? [] : [`${words(resource)} has no address`];
  if (resource.kind === "route") return isCidr(resource.destination) ? [] : [`${words(resource)} has no destination`];
  return [];
}

function isCidr(text: unknown): boolean {
  const [address = "", length = "", ...rest] = String(text).split("/");
  const family = isIP(address);
  return family !== 0 && /^\d{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128) && rest.length === 0;
}

function placesOf(resource: Resource): readonly string[] {
  const places = [
    "netns" in resource ? resource.netns : undefined,
    resource.kind === "link" && "peer" in resource ? resource.peer.netns : undefined,
  ];
  return places.filter((place) => place !== undefined);
}

/** Links of the host. */
function expectApart(what: string, one: readonly Resource[], two: readonly Resource[]): void {
  const names = (list: readonly Resource[]): readonly string[] =>
    list.flatMap((resource) => (isHostLink(resource) ? [resource.name] : []));
  const others = names(two);
  expectSame(
    `links that ${what} both list`,
    names(one).filter((name) => others.includes(name)),
    [],
  );
}

function isHostLink(resource: Resource): resource is Resource & LinkBase {
  return resource.kind === "link" && resource.netns === undefined;
}
