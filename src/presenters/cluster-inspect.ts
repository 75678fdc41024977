import type { ClusterDetails } from "../api/index.js";

/** With capitals, as docker's documents have them. */
export function clusterInspect({ cluster, etcd, hosts, networks }: ClusterDetails): object {
  return {
    Cluster: cluster,
    Etcd: etcd,
    Hosts: hosts.map(({ name, address, joined, isSelf, isAlive, networks: used }) => ({
      ...{ Name: name, Address: address, Joined: joined, Self: isSelf, Alive: isAlive, Networks: used },
    })),
    Networks: networks.map(({ name, id, vni, subnets, hosts: members, troubles }) => ({
      ...{ Name: name, Id: id, Vni: vni, Subnets: subnets },
      Hosts: members.map((member) => ({
        ...{ Name: member.name, Blocks: member.blocks },
        ...(member.wireguard === undefined
          ? {}
          : { PublicKey: member.wireguard.publicKey, Port: member.wireguard.port }),
      })),
      Troubles: troubles,
    })),
  };
}
