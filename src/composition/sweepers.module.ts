import { ContainerModule, type ContainerModuleLoadOptions } from "inversify";
import { readMembership } from "../engine/rows/membership.js";
import { imageDirectory } from "../runtime/images/layer-path.js";
import { netavarkBelow } from "./extensions.module.js";
import { pluginsBelow } from "./plugins.module.js";
import { tokens } from "./tokens.js";
import { keysBelow } from "./wireguard-keys.js";

type Bind = ContainerModuleLoadOptions["bind"];

/**
 * Who finds what is left over, in the order in which it can be freed: processes before the namespaces and mounts that they
 * use, a namespace before the veth that leads into it, mounts before the directories that they are on.
 */
export const sweepersModule = new ContainerModule(({ bind }) => {
  bind(tokens.Sweeper).toDynamicValue(async (context) => {
    const { containers } = await context.getAsync(tokens.Store);
    return (await import("../runtime/orphan-runs.js")).runSweeper({
      runDir: `${context.get(tokens.Settings).run}/containers`,
      runtime: () => context.getAsync(tokens.Runtime),
      running: () => containers.active().map(({ id }) => id),
    });
  });
  bindServices(bind);
  bind(tokens.Sweeper).toDynamicValue(async (context) => {
    const { namespaceSweeper } = await import("../kernel/orphans/orphan-namespaces.js");
    return namespaceSweeper(`${context.get(tokens.Settings).run}/netns`);
  });
  bind(tokens.Sweeper).toDynamicValue(async (context) => {
    const { markOf } = await import("../kernel/rtnetlink/links/link-mark.js");
    const { linkSweeper } = await import("../kernel/orphans/orphan-links.js");
    return linkSweeper(markOf(context.get(tokens.Settings).root));
  });
  bindKeys(bind);
  bind(tokens.Sweeper).toDynamicValue(async (context) => {
    const { mountSweeper } = await import("../kernel/orphans/orphan-mounts.js");
    return mountSweeper(`${context.get(tokens.Settings).root}/containers`);
  });
  bind(tokens.Sweeper).toDynamicValue(async (context) => {
    const { directorySweeper } = await import("../kernel/orphans/orphan-directories.js");
    const parent = `${context.get(tokens.Settings).root}/containers`;
    return directorySweeper(parent, { names: /^[0-9a-f]{64}$/, why: "its container is gone" });
  });
  bind(tokens.Sweeper).toDynamicValue(async (context) => {
    const { directorySweeper } = await import("../kernel/orphans/orphan-directories.js");
    const parent = netavarkBelow(context.get(tokens.Settings).root);
    return directorySweeper(parent, { names: /^[0-9a-f]{64}$/, why: "its network is gone" });
  });
  bind(tokens.Sweeper).toDynamicValue(async (context) => {
    const { directorySweeper } = await import("../kernel/orphans/orphan-directories.js");
    const parent = `${context.get(tokens.Settings).run}/sandboxes`;
    return directorySweeper(parent, { names: /^[0-9a-f]{12}$/, why: "no container that runs has it" });
  });
  bind(tokens.Sweeper).toDynamicValue(async (context) => {
    const { volumeSweeper } = await import("../kernel/orphans/orphan-volumes.js");
    return volumeSweeper(`${context.get(tokens.Settings).root}/volumes`);
  });
  bind(tokens.Sweeper).toDynamicValue(async (context) => {
    const { containers } = await context.getAsync(tokens.Store);
    const { logSweeper } = await import("../runtime/orphan-logs.js");
    const ids = () => containers.list().map(({ id }) => id);
    return logSweeper(`${context.get(tokens.Settings).root}/logs`, ids);
  });
  bind(tokens.Sweeper).toDynamicValue(async (context) => {
    const { containers, images } = await context.getAsync(tokens.Store);
    const { layerSweeper } = await import("../runtime/images/orphan-layers.js");
    return layerSweeper(imageDirectory(context.get(tokens.Settings).root), () => [
      ...images.list().flatMap(({ layers }) => layers),
      ...containers.list().flatMap(({ container }) => container.layers),
    ]);
  });
  bind(tokens.Sweeper).toDynamicValue(async (context) => {
    const { connection } = await context.getAsync(tokens.SqliteStore);
    return (await import("../store/orphan-leases.js")).leaseSweeper(connection);
  });
  bind(tokens.Sweeper).toDynamicValue(async (context) => {
    const { settings } = await context.getAsync(tokens.Store);
    const { pluginSweeper } = await import("../plugins/installed/orphan-plugins.js");
    return pluginSweeper(pluginsBelow(context.get(tokens.Settings).root), settings);
  });
  bind(tokens.Sweeper).toDynamicValue(async (context) => {
    const { recordSweeper } = await import("../hosts/docker/record-sweeper.js");
    return recordSweeper(context.get(tokens.Settings).root);
  });
});

/** Processes that stay, each before what it uses. */
function bindServices(bind: Bind): void {
  bind(tokens.Sweeper).toDynamicValue(async (context) => {
    const { resolverSweeper } = await import("../resolver/resolver-sweeper.js");
    return resolverSweeper(await context.getAsync(tokens.Resolver));
  });
  bind(tokens.Sweeper).toDynamicValue(async (context) => {
    const { timerSweeper } = await import("../timers/timer-sweeper.js");
    return timerSweeper(await context.getAsync(tokens.TimerService));
  });
  bind(tokens.Sweeper).toDynamicValue(async (context) => {
    const { membershipSweeper } = await import("../agent/membership-sweeper.js");
    const store = await context.getAsync(tokens.Store);
    return membershipSweeper(await context.getAsync(tokens.Agent), () => readMembership(store) !== undefined);
  });
}

/** Of links that encrypt. */
function bindKeys(bind: Bind): void {
  bind(tokens.Sweeper).toDynamicValue(async (context) => {
    const { markOf } = await import("../kernel/rtnetlink/links/link-mark.js");
    const { wireguardPeerSweeper } = await import("../kernel/orphans/orphan-wireguard-peers.js");
    return wireguardPeerSweeper(markOf(context.get(tokens.Settings).root));
  });
  bind(tokens.Sweeper).toDynamicValue(async (context) => {
    const { keySweeper } = await import("../kernel/orphans/orphan-keys.js");
    return keySweeper(keysBelow(context.get(tokens.Settings).root));
  });
}
