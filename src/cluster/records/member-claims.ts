import { type Address, readAddress } from "../../ipam/address.js";
import { type Cidr, holds, readCidr } from "../../ipam/cidr.js";
import { type ClaimingHost, findHost } from "./claiming-host.js";
import { addressHeld } from "./conflicts.js";
import type { HostClaims } from "./host-claims.js";
import { removeContents } from "./host-contents.js";
import { changeToJoin, type JoinSpec, type MemberPlace } from "./join-change.js";
import type { NetworkClaims } from "./network-claims.js";
import { type NetworkContents, readClaims, readContents } from "./network-contents.js";
import { untilWon } from "./races.js";
import { put, type Scope } from "./scope.js";

/** An address of a network, outside of its host's blocks. */
export interface HeldAddress {
  /** Name and id of the network. */
  readonly name: string;
  readonly id: string;
  readonly address: string;
}

/** What a host has of networks: blocks and single addresses. Each is one host's. */
export class MemberClaims {
  constructor(
    private readonly scope: Scope,
    private readonly hosts: HostClaims,
    private readonly networks: NetworkClaims,
  ) {}

  /**
   * Makes the host a member of a network, with a block of each subnet, or returns what it has. `extra`: with one more block of that
   * subnet. Throws `not-found`, `exhausted`, and `conflict` where the host itself was removed.
   */
  async join(network: string, host: JoinSpec, extra?: string): Promise<MemberPlace> {
    const { state, keys, cluster } = this.scope;
    return await untilWon(state.place, `to join network ${network} of cluster ${cluster}`, async (tried) => {
      const own = await this.hosts.require(host);
      const { value: record, modified } = await this.networks.require(network);
      const contents = await readClaims(this.scope, record, host.name);
      const request = { network, record, host, ...(extra === undefined ? {} : { extra }) };
      const { change, place } = changeToJoin(this.scope, request, contents, tried);
      if (change.put.length === 0) return place;
      const outcome = await state.commit({
        require: [
          { key: keys.network(network), modified },
          { key: keys.host(host.name), modified: own.modified },
          ...change.require,
        ],
        put: change.put,
        remove: [],
      });
      return outcome.committed ? place : undefined;
    });
  }

  /** Gives up all that the host has of a network; what another host of its name has stays. */
  async leave(networkId: string, host: ClaimingHost): Promise<void> {
    await removeContents(this.scope, host, networkId);
  }

  /**
   * Claims an address that is in none of the host's blocks. One that the host has already is written again: a release that is under way
   * finds that it has changed. Throws `conflict` that names the host which has it, alone or in a block.
   */
  async hold({ name, id, address }: HeldAddress, host: ClaimingHost): Promise<void> {
    const { state, keys } = this.scope;
    await untilWon(state.place, `to hold ${address} of network ${name}`, async () => {
      const own = await this.hosts.require(host);
      const contents = await readContents(this.scope, id, { only: [keys.blocks(id), keys.heldAddresses(id)] });
      const holder = holderOf(address, contents);
      if (holder !== undefined && holder.host !== host.name)
        throw addressHeld(name, address, holder.host, holder.block);
      if (holder?.block !== undefined) return true;
      const outcome = await state.commit({
        require: [
          { key: keys.held(id, address), modified: contents.held.get(address)?.modified ?? 0 },
          { below: keys.blocks(id), unchangedSince: contents.revision },
          { key: keys.host(host.name), modified: own.modified },
        ],
        put: [put(keys.held(id, address), host.name)],
        remove: [],
      });
      return outcome.committed || undefined;
    });
  }

  /**
   * Gives up an address that the host holds; another host's stays, also one of its name. `isMeant` is asked after each look at the
   * record, so that what the host claims again meanwhile stays: before it is asked by its reply, and after it by the change of the record.
   */
  async release({ id, address }: HeldAddress, host: ClaimingHost, isMeant: () => boolean): Promise<void> {
    const { state, keys } = this.scope;
    const key = keys.held(id, address);
    await untilWon(state.place, `to release ${address}`, async () => {
      const own = await findHost(this.scope, host);
      const entry = (await readContents(this.scope, id, { only: [key] })).held.get(address);
      if (own === undefined || entry?.value !== host.name || !isMeant()) return true;
      const outcome = await state.commit({
        require: [
          { key, modified: entry.modified },
          { key: keys.host(host.name), modified: own.modified },
        ],
        put: [],
        remove: [key],
      });
      return outcome.committed || undefined;
    });
  }
}

function holderOf(
  address: string,
  { held, blocks }: NetworkContents,
): { readonly host: string; readonly block?: string } | undefined {
  const alone = held.get(address)?.value;
  if (alone !== undefined) return { host: alone };
  const wanted = readAddress(address) as Address;
  const [block, holder] = [...blocks].find(([cidr]) => holds(readCidr(cidr)?.cidr as Cidr, wanted)) ?? [];
  return block === undefined || holder === undefined ? undefined : { host: holder.value, block };
}
