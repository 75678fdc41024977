import type { Resource, Sysctl } from "../../../src/api/index.js";
import type { FakePart, Misuse } from "./fake-part.js";

/** Parameters of links, which go with their link, and those of a namespace. */
export class FakeSysctls implements FakePart {
  private readonly values = new Map<string, string>();

  constructor(
    private readonly misuse: Misuse,
    private readonly hasLink: (name: string, netns?: string) => boolean,
  ) {}

  /** Of the host, as is whatever is asked or written from outside. */
  read(key: string): string {
    return this.value(key);
  }

  /** As somebody else than tsd would set it. */
  write(key: string, value: string): void {
    this.values.set(key, value);
  }

  ensure(wanted: Resource): void {
    const resource = parameterOf(wanted);
    if (resource === undefined) return;
    const at = place(resource);
    if (!this.exists(at)) this.misuse.refuse(`parameter ${at} of a link that does not exist`);
    this.values.set(at, resource.value);
  }

  remove(unwanted: Resource): void {
    const resource = parameterOf(unwanted);
    if (resource === undefined) return;
    const { value, restore, unless } = resource;
    const at = place(resource);
    if (unless !== undefined && this.value(unless.key) === unless.value) return;
    if (restore !== undefined && this.value(at) === value) this.values.set(at, restore);
  }

  lines(): readonly string[] {
    return [...this.values].filter(([at]) => this.value(at) !== "0").map(([at, value]) => `sysctl ${at}=${value}`);
  }

  private value(at: string): string {
    return (this.exists(at) ? this.values.get(at) : undefined) ?? "0";
  }

  private exists(at: string): boolean {
    const [key = "", netns] = at.split(" ");
    const link = /^net\/ipv[46]\/(?:conf|neigh)\/([^/]+)\//.exec(key)?.[1] ?? "all";
    // What is no link's own goes with the namespace, which has a loopback as long as it lives.
    return link === "all" ? netns === undefined || this.hasLink("lo", netns) : this.hasLink(link, netns);
  }
}

function parameterOf(resource: Resource): Sysctl | undefined {
  if (resource.kind === "sysctl") return resource;
  if (resource.kind !== "localnet") return undefined;
  const { link, restore } = resource;
  const key = `net/ipv4/conf/${link}/route_localnet`;
  return { kind: "sysctl", key, value: "1", ...(restore === undefined ? {} : { restore }) };
}

function place({ key, netns }: Sysctl): string {
  return netns === undefined ? key : `${key} ${netns}`;
}
