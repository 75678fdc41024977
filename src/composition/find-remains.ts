import { namespaceSweeper } from "../kernel/orphans/orphan-namespaces.js";
import { linksInUse } from "../kernel/rtnetlink/links/link-mark.js";
import { supervisedBelow } from "../runtime/supervisors.js";

/**
 * In words, what is in use on this machine and can only come from a tsd with these directories, containers first. A bridge
 * alone serves nobody, and is an orphan like others.
 */
export async function findRemains(root: string, run: string): Promise<readonly string[]> {
  const supervised = supervisedBelow(`${run}/containers`);
  const own = supervised.filter((container) => container.root === root);
  // A namespace does not say whose it is, where another root has containers in the same TSD_RUN.
  const isShared = own.length < supervised.length;
  const namespaces = isShared ? [] : await namespaceSweeper(`${run}/netns`).orphans(() => []);
  return [
    ...own.map(({ name }) => `container "${name}"`),
    ...linksInUse(root).map((name) => `link ${name}`),
    ...namespaces.map(({ what }) => `namespace ${what}`),
  ];
}
