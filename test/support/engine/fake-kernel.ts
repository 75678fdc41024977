import type { Provider, Resource, ResourceKind } from "../../../src/api/index.js";
import { intentKinds } from "../../../src/api/intent.js";
import { FakeFiles } from "./fake-files.js";
import { FakeLinks } from "./fake-links.js";
import { FakeMembership } from "./fake-membership.js";
import { FakeNat } from "./fake-nat.js";
import { type FakePart, Misuse } from "./fake-part.js";
import { FakeResolver } from "./fake-resolver.js";
import { FakeSysctls } from "./fake-sysctls.js";
import { FakeTunnels } from "./fake-tunnels.js";
import type { Steps } from "./steps.js";

/** A machine that remembers what was made, and refuses what Linux would refuse. Every process on it shares one. */
export class FakeKernel {
  readonly misuse = new Misuse();
  readonly links: FakeLinks;
  readonly sysctls: FakeSysctls;
  readonly files: FakeFiles;
  /** Runs before what a provider does to a resource, such as "remove link"; what it throws, the provider throws, and what it returns is waited for. */
  before: (what: string) => unknown = () => undefined;
  private readonly rooms: ReadonlyMap<FakePart, readonly ResourceKind[]>;

  constructor(isInhabited: (netns: string) => boolean = () => false) {
    const hasLink = (name: string, netns?: string): boolean => this.links.hasLink(name, netns);
    this.links = new FakeLinks(this.misuse, {
      isInhabited,
      isHeld: (netns) => resolver.holds(netns),
    });
    const resolver = new FakeResolver((path) => this.links.hasNamespace(path));
    this.sysctls = new FakeSysctls(this.misuse, hasLink);
    this.files = new FakeFiles(this.misuse);
    this.rooms = new Map<FakePart, readonly ResourceKind[]>([
      [this.links, ["netns", "link", "address", "route", "announcement"]],
      [this.sysctls, ["sysctl", "localnet"]],
      [resolver, ["resolver"]],
      [new FakeTunnels(this.misuse, hasLink), ["neighbour", "fdb", "wireguard", "wireguard peer"]],
      [new FakeMembership(), ["membership"]],
      [this.files, ["directory", "file", "overlay", "volume"]],
      [new FakeNat(this.misuse, hasLink), intentKinds],
    ]);
  }

  /** The kernel as one process reaches it; each resource is a step. */
  providers(steps: Steps): readonly Provider[] {
    const begin = async (what: string): Promise<void> => {
      await this.before(what);
      await steps.act(what);
    };
    return [...this.rooms].map(([room, kinds]) => ({
      kinds,
      async ensure(resources) {
        for (const resource of resources) {
          await begin(`make ${resource.kind}`);
          room.ensure(resource);
        }
      },
      async remove(resources) {
        for (const resource of resources) {
          room.expectRemoval?.(resource);
          await begin(`remove ${resource.kind}`);
          room.remove(resource);
        }
      },
      inspect: async () => [],
      describe: async (verb, resources) => resources.map(({ kind }) => `${verb} ${kind}`),
    }));
  }

  ensure(resources: readonly Resource[]): void {
    for (const resource of resources)
      for (const [room, kinds] of this.rooms) if (kinds.includes(resource.kind)) room.ensure(resource);
  }

  /** All that exists, a line each, sorted. */
  lines(): readonly string[] {
    return [...this.rooms.keys()].flatMap((room) => room.lines()).sort();
  }
}
