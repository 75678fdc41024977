/** Runs programs in one network namespace. */
export interface Programs {
  run(argv: readonly string[]): Promise<{ readonly stdout: string }>;
  /** Returns its standard output. Throws where it fails. */
  mustRun(argv: readonly string[]): Promise<string>;
}

/** Links, their filters, addresses, routes, rules, permanent neighbours, sysctls and firewall of a namespace. */
export async function networkResidue(namespace: Programs): Promise<readonly string[]> {
  const parts = await Promise.all([
    links(namespace),
    addresses(namespace),
    lines(namespace, "route", ["ip", "route", "show", "table", "all"]),
    lines(namespace, "route", ["ip", "-6", "route", "show", "table", "all"]),
    lines(namespace, "rule", ["ip", "rule", "show"]),
    lines(namespace, "rule", ["ip", "-6", "rule", "show"]),
    lines(namespace, "filters", ["sh", "-c", "tc qdisc show | grep -E '^qdisc (clsact|ingress)'"]),
    lines(namespace, "neighbour", ["ip", "neighbour", "show", "nud", "permanent"]),
    sysctls(namespace),
    nftables(namespace),
    legacyIptables(namespace, "ip"),
    legacyIptables(namespace, "ip6"),
  ]);
  return parts.flat();
}

interface LinkJson {
  readonly ifname: string;
  readonly address: string;
  readonly mtu: number;
  readonly master?: string;
  readonly linkinfo?: { readonly info_kind?: string };
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number; readonly scope: string }[];
}

async function links(namespace: Programs): Promise<readonly string[]> {
  const found: readonly LinkJson[] = JSON.parse(await namespace.mustRun(["ip", "-json", "-details", "link", "show"]));
  return found.map(({ ifname, linkinfo, master, mtu }) => {
    const port = master === undefined ? "" : ` of ${master}`;
    return `link ${ifname} ${linkinfo?.info_kind ?? "plain"}${port} mtu ${mtu}`;
  });
}

/** Without link-local addresses, which the kernel adds by itself some time after a link is up. */
async function addresses(namespace: Programs): Promise<readonly string[]> {
  const found: readonly LinkJson[] = JSON.parse(await namespace.mustRun(["ip", "-json", "address", "show"]));
  return found.flatMap(({ ifname, addr_info }) =>
    addr_info
      .filter(({ scope }) => scope !== "link")
      .map(({ local, prefixlen }) => `address ${local}/${prefixlen} on ${ifname}`),
  );
}

async function lines(namespace: Programs, kind: string, argv: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await namespace.run(argv);
  return stdout
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#") && !/\bfe80:|\bff00::/.test(line))
    .map((line) => `${kind} ${line}`);
}

/** Read by grep, which takes a quarter of the time of sysctl(8); most of the time of a residue is this. */
async function sysctls(namespace: Programs): Promise<readonly string[]> {
  const places = ["ipv4/conf", "ipv6/conf", "ipv4/ip_forward", "bridge"].map((place) => `/proc/sys/net/${place}`);
  const { stdout } = await namespace.run(["grep", "--recursive", "--no-messages", "", ...places]);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const end = line.indexOf(":");
      return `sysctl ${line.slice("/proc/sys/".length, end).replaceAll("/", ".")} = ${line.slice(end + 1)}`;
    });
}

type NftObject = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A line for each table, chain, rule, set and map, and one for each element. */
async function nftables(namespace: Programs): Promise<readonly string[]> {
  const { nftables }: { nftables: readonly NftObject[] } = JSON.parse(
    await namespace.mustRun(["nft", "--json", "list", "ruleset"]),
  );
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
async function legacyIptables(namespace: Programs, family: "ip" | "ip6"): Promise<readonly string[]> {
  const save = `! grep -qs . /proc/net/${family}_tables_names || ${family}tables-legacy-save`;
  const saved = await lines(namespace, "iptables", ["sh", "-c", save]);
  return saved.filter((line) => /^iptables (-A|:\S+ - )/.test(line)).map((line) => line.replace(/ \[\d+:\d+\]$/, ""));
}
