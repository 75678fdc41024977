import { BRIDGE, guestAddress, SUBNET } from "../hand-made-host.ts";
import { FIRST_PORT } from "../worker-protocol.ts";

/** What the programs of other engines write for ports that they publish one by one, in the form of iptables-save(8). */
export interface ForeignRules {
  readonly name: string;
  /** The rules of the table nat for as many ports, all of which lead to port 80 of the first guest. */
  rules(count: number): string;
}

const ADDRESS = guestAddress(0);
const TARGET = `${ADDRESS}:80`;
const LOCAL = "-m addrtype --dst-type LOCAL";

export const foreignRules: readonly ForeignRules[] = [
  {
    name: "docker's rules",
    rules: (count) => {
      const ports = portsOf(count);
      return table(
        ["DOCKER"],
        [
          `-A PREROUTING ${LOCAL} -j DOCKER`,
          `-A DOCKER -i ${BRIDGE} -j RETURN`,
          ...ports.map(
            (port) => `-A DOCKER ! -i ${BRIDGE} -p tcp -m tcp --dport ${port} -j DNAT --to-destination ${TARGET}`,
          ),
          `-A POSTROUTING -s ${SUBNET} ! -o ${BRIDGE} -j MASQUERADE`,
          ...ports.map(() => `-A POSTROUTING -s ${ADDRESS}/32 -d ${ADDRESS}/32 -p tcp -m tcp --dport 80 -j MASQUERADE`),
        ],
      );
    },
  },
  {
    name: "netavark's rules",
    rules: (count) => {
      const ports = portsOf(count);
      const [setMark, own] = ["NETAVARK-HOSTPORT-SETMARK", "NETAVARK-DN-BENCH"];
      return table(
        ["NETAVARK-HOSTPORT-DNAT", setMark, own, "NETAVARK-HOSTPORT-MASQ"],
        [
          `-A PREROUTING ${LOCAL} -j NETAVARK-HOSTPORT-DNAT`,
          "-A POSTROUTING -j NETAVARK-HOSTPORT-MASQ",
          `-A ${setMark} -j MARK --set-xmark 0x2000/0x2000`,
          "-A NETAVARK-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE",
          ...ports.map((port) => `-A NETAVARK-HOSTPORT-DNAT -p tcp -m tcp --dport ${port} -j ${own}`),
          ...ports.flatMap((port) => marked(own, port, setMark)),
        ],
      );
    },
  },
  {
    name: "portmap's rules",
    rules: (count) => {
      const ports = portsOf(count);
      const [setMark, own] = ["CNI-HOSTPORT-SETMARK", "CNI-DN-BENCH"];
      return table(
        ["CNI-HOSTPORT-DNAT", setMark, own, "CNI-HOSTPORT-MASQ"],
        [
          `-A PREROUTING ${LOCAL} -j CNI-HOSTPORT-DNAT`,
          "-A POSTROUTING -j CNI-HOSTPORT-MASQ",
          `-A ${setMark} -j MARK --set-xmark 0x2000/0x2000`,
          "-A CNI-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE",
          ...inGroups(ports).map(
            (group) => `-A CNI-HOSTPORT-DNAT -p tcp -m multiport --destination-ports ${group.join(",")} -j ${own}`,
          ),
          ...ports.flatMap((port) => marked(own, port, setMark)),
        ],
      );
    },
  },
];

function portsOf(count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => FIRST_PORT + at);
}

function table(chains: readonly string[], rules: readonly string[]): string {
  return ["*nat", ...chains.map((chain) => `:${chain} - [0:0]`), ...rules, "COMMIT", ""].join("\n");
}

/** Callers whose replies would not come back to the host are masqueraded. */
function marked(chain: string, port: number, setMark: string): readonly string[] {
  const match = `-p tcp -m tcp --dport ${port}`;
  return [
    `-A ${chain} -s ${SUBNET} ${match} -j ${setMark}`,
    `-A ${chain} -s 127.0.0.1/32 ${match} -j ${setMark}`,
    `-A ${chain} ${match} -j DNAT --to-destination ${TARGET}`,
  ];
}

/** As many as the match takes. */
function inGroups(ports: readonly number[]): readonly (readonly number[])[] {
  const size = 15;
  return Array.from({ length: Math.ceil(ports.length / size) }, (_, at) => ports.slice(at * size, (at + 1) * size));
}
