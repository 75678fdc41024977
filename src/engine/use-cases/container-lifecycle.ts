import type { ClusterNetworks } from "../lifecycle/cluster-networks.js";
import type { ContainerEnding } from "../lifecycle/container-ending.js";
import type { ContainerExit } from "../lifecycle/container-exit.js";
import type { ContainerStarter } from "../lifecycle/container-starter.js";
import type { JointRemoval } from "../lifecycle/joint-removal.js";
import type { Recovery } from "../lifecycle/recovery.js";
import type { Restarter } from "../lifecycle/restarter.js";
import type { RunFollower } from "../lifecycle/run-follower.js";
import type { Teardown } from "../lifecycle/teardown.js";
import type { Adaptations } from "../updates/adaptations.js";
import type { ContainerChanges } from "../updates/container-changes.js";
import type { ContainerMeter } from "./container-meter.js";
import type { Renaming } from "./renaming.js";
import type { Waiting } from "./waiting.js";

/** How containers come to run, and how they end. */
export interface Lifecycle {
  readonly adaptations: Pick<Adaptations, "follow">;
  readonly starter: ContainerStarter;
  readonly containerExit: ContainerExit;
  readonly ending: ContainerEnding;
  readonly follower: RunFollower;
  readonly restarter: Restarter;
  readonly teardown: Teardown;
  readonly jointRemoval: Pick<JointRemoval, "remove">;
  readonly recovery: Pick<Recovery, "about">;
  readonly changes: Omit<ContainerChanges, "undo">;
  readonly clusterNetworks: Pick<ClusterNetworks, "prepareForAll">;
  readonly meter: ContainerMeter;
  readonly renaming: Renaming;
  readonly waiting: Waiting;
}
