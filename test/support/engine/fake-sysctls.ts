import type { Resource } from "../../../src/api/index.js";
import type { FakePart, Misuse } from "./fake-part.js";

/** Parameters of links of the host, which go with their link. */
export class FakeSysctls implements FakePart {
  private readonly values = new Map<string, string>();

  constructor(
    private readonly misuse: Misuse,
    private readonly hasLink: (name: string) => boolean,
  ) {}

  read(key: string): string {
    return (this.exists(key) ? this.values.get(key) : undefined) ?? "0";
  }

  /** As somebody else than tsd would set it. */
  write(key: string, value: string): void {
    this.values.set(key, value);
  }

  ensure(resource: Resource): void {
    if (resource.kind !== "sysctl") return;
    const { key, value } = resource;
    if (!this.exists(key)) this.misuse.refuse(`parameter ${key} of a link that does not exist`);
    this.values.set(key, value);
  }

  remove(resource: Resource): void {
    if (resource.kind !== "sysctl") return;
    const { key, value, restore } = resource;
    if (restore !== undefined && this.read(key) === value) this.values.set(key, restore);
  }

  lines(): readonly string[] {
    return [...this.values].filter(([key]) => this.read(key) !== "0").map(([key, value]) => `sysctl ${key}=${value}`);
  }

  private exists(key: string): boolean {
    return this.hasLink(/^net\/ipv4\/conf\/([^/]+)\//.exec(key)?.[1] ?? "");
  }
}
