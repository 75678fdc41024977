import type { Container } from "inversify";
import { ContainerModule } from "inversify";
import type { Extension } from "../api/index.js";
import type { Ecosystem } from "../contracts/ecosystem.js";
import type { Store } from "../contracts/index.js";
import { bridge } from "../drivers/bridge/index.js";
import { namespaces } from "../drivers/namespace/index.js";
import { overlay } from "../drivers/overlay/index.js";
import type { IpamDrivers } from "../engine/contracts/ipam-drivers.js";
import { claimsOf } from "../engine/host-facts/claims.js";
import type { NatBackends } from "../engine/nat/nat-selection.js";
import type { LoadProvider } from "../engine/resources/resource-applier.js";
import { ipvlan } from "../extensions/ipvlan/index.js";
import { lan } from "../extensions/lan/index.js";
import { macvlan } from "../extensions/macvlan/index.js";
import { ptp } from "../extensions/ptp/index.js";
import { vlanBridge } from "../extensions/vlan-bridge/index.js";
import { cni } from "../hosts/cni/index.js";
import { docker } from "../hosts/docker/index.js";
import { netavark } from "../hosts/netavark/index.js";
import { ExtensionCatalogue } from "../plugins/extension-catalogue.js";
import { installedSources } from "../plugins/installed/installed-sources.js";
import { ReportedIpam } from "../plugins/reported-ipam.js";
import { natBackends } from "./nat.module.js";
import { pluginsBelow } from "./plugins.module.js";
import { type Settings, tokens } from "./tokens.js";

/** tsd's own. */
export const shipped: readonly Extension[] = [bridge, overlay, namespaces, lan, macvlan, ipvlan, vlanBridge, ptp];

/** Those of other container engines. */
function ecosystemsOf(
  { root, run, cniPath }: Pick<Settings, "root" | "run" | "cniPath">,
  store: Store,
): readonly Ecosystem[] {
  return [cni({ run, path: cniPath }), docker(root, claimsOf(store)), netavark(netavarkBelow(root))];
}

/** Where replies of netavark's plug-ins are kept, in a folder for each network. */
export function netavarkBelow(root: string): string {
  return `${root}/netavark`;
}

/** All extensions: tsd's own, those of the caller of `openTsd`, and plug-ins that are installed. */
export function extensionsModule(given: readonly Extension[]): ContainerModule {
  return new ContainerModule(({ bind }) => {
    for (const extension of shipped) bind(tokens.Extension).toConstantValue(extension);
    bind(tokens.ExtensionCatalogue).toDynamicValue(async (context) => {
      const settings = context.get(tokens.Settings);
      const { root, warn } = settings;
      const store = await context.getAsync(tokens.Store);
      return new ExtensionCatalogue(
        {
          builtIn: await context.getAllAsync(tokens.Extension),
          given,
          ecosystems: ecosystemsOf(settings, store),
          installed: installedSources({ settings: store.settings, directory: pluginsBelow(root) }),
        },
        { natBackends, warn },
      );
    });
  });
}

/** The packet filters of tsd's own and of extensions; these are bound when first needed, so that a dry run replaces them too. */
export function natBackendsOf(container: Container, catalogue: ExtensionCatalogue): NatBackends {
  return {
    builtIn: natBackends,
    names: () => [...natBackends, ...catalogue.names("natBackends")],
    load(name) {
      const backend = container.isBound(tokens.NatBackend, { name }) ? undefined : catalogue.natBackend(name);
      if (backend !== undefined) container.bind(tokens.NatBackend).toConstantValue(backend).whenNamed(name);
      return container.getAsync(tokens.NatBackend, { name });
    },
  };
}

/** Providers of extensions and ecosystems by kind of resource, bound likewise. */
export function extensionProviders(container: Container, catalogue: ExtensionCatalogue): LoadProvider {
  return async (kind) => {
    const provider = (await catalogue.ecosystemOf(kind)?.provider()) ?? catalogue.provider(kind);
    if (provider === undefined) return undefined;
    if (!container.isBound(tokens.ExtensionProvider, { name: kind })) {
      container.bind(tokens.ExtensionProvider).toConstantValue(provider).whenNamed(kind);
    }
    return container.getAsync(tokens.ExtensionProvider, { name: kind });
  };
}

/** IPAM drivers of extensions, bound likewise. */
export function ipamDrivers(container: Container, catalogue: ExtensionCatalogue): IpamDrivers {
  return {
    has: (name) => catalogue.hasIpam(name),
    names: () => catalogue.ipamNames(),
    get(name) {
      const driver = container.isBound(tokens.Ipam, { name }) ? undefined : catalogue.ipam(name);
      if (driver !== undefined) container.bind(tokens.Ipam).toConstantValue(new ReportedIpam(driver)).whenNamed(name);
      return container.isBound(tokens.Ipam, { name }) ? container.get(tokens.Ipam, { name }) : undefined;
    },
  };
}
