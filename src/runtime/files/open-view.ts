import { closeSync } from "node:fs";
import type { Overlay, RuntimeProcess } from "../../api/index.js";
import type { FileView, StoppedView } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { openRoot } from "../../kernel/files/place.js";
import { processes } from "../../kernel/process-identity.js";
import { LayerView, type LayerViewSpec } from "../../kernel/volumes/layer-view.js";

/** A container's root directory, opened. */
interface OpenedView extends AsyncDisposable {
  readonly root: number;
}

/** Opens the files of a container. Throws `conflict` where its process is gone. */
export async function openView(view: FileView): Promise<OpenedView> {
  return view.kind === "running" ? openRunning(view.process) : openStopped(view);
}

/** The root of a process, in its own mount namespace. Asked before and after, since its pid may become another's. */
function openRunning(process: RuntimeProcess): OpenedView {
  const isThere = (): boolean => processes.isRunning(process);
  if (!isThere()) throw gone(process);
  const root = openRoot(`/proc/${process.pid}/root`);
  if (!isThere()) {
    closeSync(root);
    throw gone(process);
  }
  return { root, [Symbol.asyncDispose]: async () => closeSync(root) };
}

async function openStopped({ root, mounts, readOnly: isRead }: StoppedView): Promise<OpenedView> {
  const view = await LayerView.open(typeof root === "string" ? root : shownOf(root, isRead));
  try {
    for (const { source, target, readOnly, within } of mounts)
      await view.bind(source, target, { readOnly, ...(within === undefined ? {} : { within }) });
    return view;
  } catch (error) {
    await view[Symbol.asyncDispose]();
    throw error;
  }
}

function shownOf({ lower, path: place, upper, work }: Overlay, isRead: boolean): LayerViewSpec {
  return isRead ? { layers: lower, place, over: upper } : { layers: lower, place, writable: { upper, work } };
}

function gone({ pid }: RuntimeProcess): TsdError {
  return new TsdError({
    kind: "conflict",
    code: "TSD_CONTAINER_NOT_RUNNING",
    message: `the container's process ${pid} has just ended`,
    hint: "Run the command again.",
    details: { pid },
  });
}
