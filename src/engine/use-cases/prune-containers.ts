import type { Container, Containers, Pruned } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";

/** Removes containers that do not run, one that begins to in between apart. Their volumes without a name stay. */
export async function pruneContainers(
  containers: Pick<Containers, "list" | "size" | "remove">,
  isMeant: (container: Container) => boolean,
): Promise<Pruned<Container>> {
  const stopped = containers
    .list({ all: true })
    .filter(({ container: { status } }) => status === "created" || status === "exited");
  const removed: Container[] = [];
  let bytes = 0;
  for (const { container } of stopped.filter((one) => isMeant(one.container))) {
    try {
      const { written } = await containers.size(container.id);
      removed.push(await containers.remove(container.id));
      bytes += written;
    } catch (error) {
      if (TsdError.is(error, "conflict") || TsdError.is(error, "not-found")) continue;
      throw error;
    }
  }
  return { removed, bytes };
}
