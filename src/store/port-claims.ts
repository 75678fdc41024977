import { familyOf } from "../api/address-family.js";
import type { PortBinding } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Connection } from "./connection.js";

/** A range of host ports that an endpoint has. */
export interface PortClaim {
  readonly endpointId: string;
  readonly binding: Omit<PortBinding, "containerPort">;
}

interface ClaimRow {
  readonly protocol: PortBinding["protocol"];
  readonly host_address: string;
  readonly first: number;
  readonly last: number;
  readonly endpoint_id: string;
}

/** Stands for "every address" in the table. */
const ANY = "";

/** All addresses of a protocol that have claims, each found by one step through the index. */
const allAddresses = `
  SELECT min(host_address) AS address FROM port_claims WHERE protocol = ?1
  UNION ALL
  SELECT (SELECT min(host_address) FROM port_claims WHERE protocol = ?1 AND host_address > address)
  FROM addresses WHERE address IS NOT NULL`;

/** Those of one family, and "every address". */
const families = { ipv4: "AND address NOT LIKE '%:%'", ipv6: "AND (address LIKE '%:%' OR address = '')" } as const;

/**
 * Claims of one address never overlap each other, so that of those that start at or before the end of a range, only the
 * last can reach into it: one step through the index for each address.
 */
const overlapping = (addresses: string, family = ""): string => `
  WITH RECURSIVE addresses(address) AS (${addresses})
  SELECT claim.* FROM addresses JOIN port_claims AS claim
    ON claim.protocol = ?1 AND claim.host_address = address AND claim.first = (
      SELECT max(first) FROM port_claims WHERE protocol = ?1 AND host_address = address AND first <= ?3)
  WHERE claim.last >= ?2 ${family} ORDER BY claim.first LIMIT 1`;

const overlapsAnything = overlapping(allAddresses);
const overlapsIPv4 = overlapping(allAddresses, families.ipv4);
const overlapsIPv6 = overlapping(allAddresses, families.ipv6);
const overlapsAddress = overlapping(`VALUES ('${ANY}'), (?4), (?5)`);

/** Which endpoint has which host ports. A claim goes away with its endpoint's row. */
export class PortClaims {
  constructor(private readonly connection: Connection) {}

  /** Claims all of `bindings` or none. Throws `conflict` with the owner and what it has in `details`. */
  claim(endpointId: string, bindings: readonly PortBinding[]): void {
    this.connection.transaction(() => {
      for (const binding of bindings) this.claimOne(endpointId, binding);
    });
  }

  /** A claim that overlaps `binding`. */
  find({ protocol, hostAddress, hostPort, count }: PortBinding): PortClaim | undefined {
    const range = [protocol, hostPort, hostPort + count - 1] as const;
    const row = this.overlap(range, hostAddress);
    return row === undefined ? undefined : toClaim(row);
  }

  /** Gives back all that the endpoint has and `bindings` do not hold. */
  retain(endpointId: string, bindings: readonly PortBinding[]): void {
    const kept = new Set(bindings.map(claimKey));
    const rows = this.connection.all<ClaimRow>("SELECT * FROM port_claims WHERE endpoint_id = ?", endpointId);
    for (const { binding } of rows.map(toClaim).filter((claim) => !kept.has(claimKey(claim.binding)))) {
      this.connection.write(
        "DELETE FROM port_claims WHERE protocol = ? AND host_address = ? AND first = ?",
        binding.protocol,
        binding.hostAddress ?? ANY,
        binding.hostPort,
      );
    }
  }

  private overlap(range: readonly [string, number, number], address: string | undefined): ClaimRow | undefined {
    if (address === undefined) return this.connection.get<ClaimRow>(overlapsAnything, ...range);
    if (address === "0.0.0.0") return this.connection.get<ClaimRow>(overlapsIPv4, ...range);
    if (address === "::") return this.connection.get<ClaimRow>(overlapsIPv6, ...range);
    return this.connection.get<ClaimRow>(
      overlapsAddress,
      ...range,
      address,
      familyOf(address) === 6 ? "::" : "0.0.0.0",
    );
  }

  private claimOne(endpointId: string, binding: PortBinding): void {
    const holder = this.find(binding);
    if (holder !== undefined) throw taken(binding, holder);
    const { protocol, hostAddress, hostPort, count } = binding;
    this.connection.write(
      "INSERT INTO port_claims (protocol, host_address, first, last, endpoint_id) VALUES (?, ?, ?, ?, ?)",
      protocol,
      hostAddress ?? ANY,
      hostPort,
      hostPort + count - 1,
      endpointId,
    );
  }
}

function claimKey({ protocol, hostAddress = ANY, hostPort, count }: PortClaim["binding"]): string {
  return `${protocol} ${hostAddress} ${hostPort} ${count}`;
}

function toClaim({ protocol, host_address, first, last, endpoint_id }: ClaimRow): PortClaim {
  const address = host_address === ANY ? {} : { hostAddress: host_address };
  return { endpointId: endpoint_id, binding: { protocol, ...address, hostPort: first, count: last - first + 1 } };
}

function taken({ protocol, hostPort }: PortBinding, { endpointId, binding }: PortClaim): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_PORT_CLAIMED",
    message: `port ${hostPort}/${protocol} is claimed by endpoint ${endpointId.slice(0, 12)}`,
    hint: "Publish another port.",
    details: { endpointId, binding },
  });
}
