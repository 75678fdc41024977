import { ContainerModule } from "inversify";
import { tokens } from "./tokens.js";
import { keysBelow } from "./wireguard-keys.js";

/** Providers of everything that is the kernel's, and facts about the machine. koffi loads with the first of them. */
export const kernelModule = new ContainerModule(({ bind }) => {
  bind(tokens.Processes).toDynamicValue(async () => (await import("../kernel/process-identity.js")).beginSession());
  bind(tokens.Host).toDynamicValue(async () => (await import("../kernel/host/host-network.js")).hostNetwork);
  bind(tokens.Provider).toDynamicValue(
    async () => new (await import("../kernel/netns/netns-provider.js")).NetnsProvider(),
  );
  bind(tokens.Provider).toDynamicValue(async (context) => {
    const { markOf } = await import("../kernel/rtnetlink/links/link-mark.js");
    const { RtnetlinkProvider } = await import("../kernel/rtnetlink/rtnetlink-provider.js");
    const catalogue = await context.getAsync(tokens.ExtensionCatalogue);
    return new RtnetlinkProvider(markOf(context.get(tokens.Settings).root), (type) => catalogue.linkKind(type));
  });
  bind(tokens.Provider).toDynamicValue(async (context) => {
    const { markOf } = await import("../kernel/rtnetlink/links/link-mark.js");
    const { WireguardProvider } = await import("../kernel/wireguard/wireguard-provider.js");
    const { root } = context.get(tokens.Settings);
    return new WireguardProvider(keysBelow(root), markOf(root));
  });
  bind(tokens.Provider).toDynamicValue(
    async () => new (await import("../kernel/rtnetlink/localnet-provider.js")).LocalnetProvider(),
  );
  bind(tokens.Provider).toDynamicValue(
    async () => new (await import("../kernel/announcement/announcement-provider.js")).AnnouncementProvider(),
  );
  bind(tokens.Provider).toDynamicValue(
    async () => new (await import("../kernel/files/filesystem-provider.js")).FilesystemProvider(),
  );
  bind(tokens.Provider).toDynamicValue(
    async () => new (await import("../kernel/volumes/volume-provider.js")).VolumeProvider(),
  );
});
