/** Runs programs in one network namespace. */
export interface Programs {
  run(argv: readonly string[]): Promise<{ readonly stdout: string }>;
  /** Returns its standard output. Throws where it fails. */
  mustRun(argv: readonly string[]): Promise<string>;
}

/** What lists each part. One shell runs them all, since to start programs takes most of the time. */
const lists = {
  links: "ip -json -details link show",
  addresses: "ip -json address show",
  routes: "ip route show table all; ip -6 route show table all",
  rules: "ip rule show; ip -6 rule show",
  filters: "tc qdisc show | grep -E '^qdisc (clsact|ingress)'",
  neighbours: "ip neighbour show nud permanent",
  // A quarter of the time of sysctl(8).
  sysctls: "cd /proc/sys/net && grep --recursive --no-messages '' ipv4/conf ipv6/conf ipv4/ip_forward bridge",
  nftables: "nft --json list ruleset",
  iptables: ["ip", "ip6"]
    .map((family) => `grep -qs . /proc/net/${family}_tables_names && ${family}tables-legacy-save`)
    .join("; "),
} as const;
const mark = "--- end of a list";
const script = Object.values(lists)
  .map((list) => `${list}; echo '${mark}'`)
  .join("\n");

/** Links, their filters, addresses, routes, rules, permanent neighbours, sysctls and firewall of a namespace. */
export async function networkResidue(namespace: Programs): Promise<readonly string[]> {
  const texts = (await namespace.mustRun(["sh", "-c", script])).split(`${mark}\n`);
  const text = Object.fromEntries(Object.keys(lists).map((name, at) => [name, texts[at] ?? ""])) as Record<
    keyof typeof lists,
    string
  >;
  return [
    ...links(text.links),
    ...addresses(text.addresses),
    ...routes(text.routes),
    ...lines("rule", text.rules),
    ...lines("filters", text.filters),
    ...lines("neighbour", text.neighbours),
    ...sysctls(text.sysctls),
    ...nftables(text.nftables),
    ...legacyIptables(text.iptables),
  ];
}

interface LinkJson {
  readonly ifname: string;
  readonly address: string;
  readonly mtu: number;
  readonly master?: string;
  readonly linkinfo?: { readonly info_kind?: string };
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number; readonly scope: string }[];
}

function links(text: string): readonly string[] {
  const found: readonly LinkJson[] = JSON.parse(text);
  return found.map(({ ifname, linkinfo, master, mtu }) => {
    const port = master === undefined ? "" : ` of ${master}`;
    return `link ${ifname} ${linkinfo?.info_kind ?? "plain"}${port} mtu ${mtu}`;
  });
}

/** Without link-local addresses, which the kernel adds by itself some time after a link is up. */
function addresses(text: string): readonly string[] {
  const found: readonly LinkJson[] = JSON.parse(text);
  return found.flatMap(({ ifname, addr_info }) =>
    addr_info
      .filter(({ scope }) => scope !== "link")
      .map(({ local, prefixlen }) => `address ${local}/${prefixlen} on ${ifname}`),
  );
}

/** What the kernel adds for each address, some time after it: that of IPv6 once no other host was found to have it. */
const ownRoute = / table local proto kernel /;

/** Without what the link watch says of them in its own time, once a link has lost or found its carrier. */
function routes(text: string): readonly string[] {
  return lines("route", text)
    .filter((line) => !ownRoute.test(line))
    .map((line) => line.replace(/ linkdown\b/, ""));
}

function lines(kind: string, text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#") && !/\bfe80:|\bff00::/.test(line))
    .map((line) => `${kind} ${line}`);
}

function sysctls(text: string): readonly string[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const end = line.indexOf(":");
      return `sysctl net.${line.slice(0, end).replaceAll("/", ".")} = ${line.slice(end + 1)}`;
    });
}

type NftObject = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A line for each table, chain, rule, set and map, and one for each element. */
function nftables(text: string): readonly string[] {
  const { nftables }: { nftables: readonly NftObject[] } = JSON.parse(text);
  return nftables.flatMap((object) =>
    Object.entries(object).flatMap(([type, { elem, handle, ...rest }]) => {
      if (type === "metainfo") return [];
      const place = [rest.family, rest.table, rest.chain, rest.name].filter((word) => word !== undefined).join(" ");
      const text = type === "rule" ? ` ${JSON.stringify(rest.expr)}` : "";
      const elements = Array.isArray(elem) ? elem : [];
      return [
        `nft ${type} ${place}${text}`,
        ...elements.map((element) => `nft element ${place} ${JSON.stringify(element)}`),
      ];
    }),
  );
}

/** Rules and chains of the legacy variant; its tables and their own chains stay once they were looked at. */
function legacyIptables(text: string): readonly string[] {
  const saved = lines("iptables", text);
  return saved.filter((line) => /^iptables (-A|:\S+ - )/.test(line)).map((line) => line.replace(/ \[\d+:\d+\]$/, ""));
}
