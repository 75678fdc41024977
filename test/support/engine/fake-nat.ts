import type { NatIntent, Resource } from "../../../src/api/index.js";
import { isIntent } from "../../../src/api/intent.js";
import { TsdError } from "../../../src/errors/tsd-error.js";
import type { FakePart, Misuse } from "./fake-part.js";

/** Packet rules by what they match, as nftables has them: two owners cannot have the same one. */
export class FakeNat implements FakePart {
  private readonly rules = new Map<string, NatIntent>();

  constructor(
    private readonly misuse: Misuse,
    private readonly hasLink: (name: string) => boolean,
  ) {}

  ensure(resource: Resource): void {
    if (!isIntent(resource)) return;
    if ("bridge" in resource && !this.hasLink(resource.bridge))
      this.misuse.refuse(`${resource.kind} for a bridge that does not exist`);
    for (const key of matches(resource)) {
      const owner = this.rules.get(key)?.owner;
      if (owner !== undefined && owner !== resource.owner) throw taken(key, owner);
      this.rules.set(key, resource);
    }
  }

  /** What another owner has stays. */
  remove(resource: Resource): void {
    if (!isIntent(resource)) return;
    for (const key of matches(resource)) if (this.rules.get(key)?.owner === resource.owner) this.rules.delete(key);
  }

  lines(): readonly string[] {
    return [...this.rules].map(([key, intent]) => `rule ${key} ${JSON.stringify(intent)}`);
  }
}

function matches(intent: NatIntent): readonly string[] {
  if (intent.kind === "allow") {
    const { address, from = "anybody", protocol, port, count } = intent;
    return [`allow ${from} ${address} ${protocol} ${port} ${count}`];
  }
  if (intent.kind === "isolate") {
    const neighbours = intent.apart ? [] : [`neighbours ${intent.bridge}`];
    return intent.only === "apart" ? neighbours : [`isolate ${intent.bridge}`, ...neighbours];
  }
  if (intent.kind === "guard") return [`guard ${intent.link}`];
  if (intent.kind === "segment") return [`segment ${intent.vni} ${intent.port}`];
  if (intent.kind === "member") return [`member ${intent.address} ${intent.vni} ${intent.port}`];
  if (intent.kind !== "publish") return [`${intent.kind} ${intent.bridge}`];
  const { protocol, hostAddress = "any", hostPort, count } = intent;
  return Array.from({ length: count }, (_, at) => `publish ${protocol} ${hostAddress} ${hostPort + at}`);
}

function taken(key: string, owner: string): TsdError {
  return new TsdError({ kind: "conflict", code: "TSD_NAT_TAKEN", message: `${key} belongs to ${owner}` });
}
